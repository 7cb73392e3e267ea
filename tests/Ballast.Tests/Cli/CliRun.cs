using Ballast.Cli;

namespace Ballast.Tests.Cli;

/// <summary>What a command line printed and how it ended, run in this process.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    /// <summary>A terminal without colour that is 80 columns wide.</summary>
    public static TerminalInfo Plain { get; } = new();

    public static CliRun Of(params string[] args) => In(Plain, args);

    public static CliRun In(TerminalInfo info, params string[] args) => In(info, CancellationToken.None, args);

    public static CliRun In(TerminalInfo info, CancellationToken cancellation, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = BallastCli.Run(args, output, error, info, cancellation);
        return new(code, output.ToString(), error.ToString());
    }

    public IReadOnlyList<string> Lines => Output.TrimEnd('\n').Split('\n');
}
