using System.CommandLine;

namespace Ballast.Cli;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    /// <summary>Only the result.</summary>
    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Only the result: no notes, no progress", Recursive = true };

    /// <summary>Traces of bugs.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "Details: where an error comes from", Recursive = true };
}
