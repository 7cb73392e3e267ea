using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ballast.Cli;

/// <summary>The program: understands the command line, runs the command, and says what went wrong.</summary>
internal static class BallastCli
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">Takes the result and nothing else.</param>
    /// <param name="error">Takes notes, progress and errors.</param>
    /// <param name="info">What both go to.</param>
    /// <param name="cancellation">Stops the command; the exit code is then 130.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, TerminalInfo info, CancellationToken cancellation = default)
        => Run(args, output, error, info, allow: _ => { }, cancellation);

    /// <summary>Runs a command line in a process that ends soon after it was interrupted.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">Takes the result and nothing else.</param>
    /// <param name="error">Takes notes, progress and errors.</param>
    /// <param name="info">What both go to.</param>
    /// <param name="allow">Takes how long a command needs between the interruption and the end of the process.</param>
    /// <param name="cancellation">Stops the command; the exit code is then 130.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, TerminalInfo info, Action<TimeSpan> allow, CancellationToken cancellation)
    {
        using var session = new Session(cancellation) { Terminal = new(output, error, info), AllowOnInterruption = allow };
        try
        {
            var code = Run(args, output, error, session);
            output.Flush();
            return code;
        }
        catch (Exception e)
        {
            return Failure.Report(e, session.Terminal, cancellation.IsCancellationRequested);
        }
    }

    private static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error, Session session)
    {
        var info = session.Terminal.Info;
        var root = CommandTree.Build(session);
        var parsed = root.Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        session.Terminal = new(output, error, info) { Quiet = parsed.GetValue(GlobalOptions.Quiet), Verbose = parsed.GetValue(GlobalOptions.Verbose) };
        if (!AnswersAnyway(parsed) && UsageError.Of(parsed) is { } message)
        {
            session.Terminal.Error($"ballast: {message}");
            session.Terminal.Error($"See {CommandTree.NameOf(parsed.CommandResult.Command)} --help.");
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Help, version and completion answer whatever else stands on the line.</summary>
    private static bool AnswersAnyway(ParseResult parsed)
        => parsed.Action is { ClearsParseErrors: true } || parsed.Tokens.Any(token => token.Type == TokenType.Directive);
}
