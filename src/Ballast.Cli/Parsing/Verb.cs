using System.CommandLine;

namespace Ballast.Cli;

/// <summary>A command with examples in its help.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>Command lines to copy.</summary>
    public required IReadOnlyList<string> Examples { get; init; }
}
