namespace Ballast.Cli;

/// <summary>Turns what went wrong into a sentence on stderr and an exit code.</summary>
internal static class Failure
{
    // What the system calls these errors: Linux and macOS numbers, then Windows' HRESULTs.
    private static readonly HashSet<int> PassingErrors =
    [
        11, 16, 23, 24, 26, 28, 35, 69, 122, // EAGAIN, EBUSY, ENFILE, EMFILE, ETXTBSY, ENOSPC, EAGAIN (macOS), EDQUOT (macOS), EDQUOT
        unchecked((int)0x80070020), unchecked((int)0x80070021), unchecked((int)0x80070027), unchecked((int)0x80070070), // sharing, lock, disk full (twice)
    ];

    /// <summary>Prints the sentence.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, Terminal terminal, bool interrupted)
    {
        var cause = CauseOf(exception);
        var (code, sentence) = Explain(cause, interrupted);
        terminal.Error($"ballast: {sentence}");
        if (terminal.Verbose && code != ExitCode.Interrupted)
        {
            foreach (var line in exception.ToString().Split('\n')) terminal.Error(line.TrimEnd('\r'));
        }

        return code;
    }

    private static (int Code, string Sentence) Explain(Exception cause, bool interrupted) => cause switch
    {
        _ when interrupted => (ExitCode.Interrupted, "interrupted."),
        InputException { InnerException: IOException inner } when IsPassing(inner) => (ExitCode.TryAgain, $"{cause.Message} Try again when it is free."),
        InputException => (ExitCode.BadInput, cause.Message),
        IOException io when IsPassing(io) => (ExitCode.TryAgain, $"{cause.Message.TrimEnd('.')}. Try again when there is room or the file is free."),
        IOException or UnauthorizedAccessException => (ExitCode.BadInput, cause.Message),
        OutOfMemoryException => (ExitCode.TryAgain, "there is not enough memory. Try again with more of it, or with fewer --workers."),
        _ => (ExitCode.Bug, $"this is a bug in Ballast ({cause.GetType().Name}: {cause.Message.TrimEnd('.')}); please report it with the trace that --verbose prints."),
    };

    private static bool IsPassing(IOException exception) => PassingErrors.Contains(exception.HResult);

    /// <summary>Parallel loops wrap what their bodies throw; the first that is more than a cancellation is the cause.</summary>
    private static Exception CauseOf(Exception exception)
        => exception is AggregateException aggregate && aggregate.Flatten().InnerExceptions is { Count: > 0 } inner
            ? inner.FirstOrDefault(each => each is not OperationCanceledException) ?? inner[0]
            : exception;
}
