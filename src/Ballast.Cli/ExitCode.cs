namespace Ballast.Cli;

/// <summary>How the program ends; scripts rely on these.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A gate failed.</summary>
    public const int GateFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file or a value that was given cannot be used.</summary>
    public const int BadInput = 3;

    /// <summary>A bug in Ballast.</summary>
    public const int Bug = 70;

    /// <summary>Something outside is in the way for now: a busy file, a full disk.</summary>
    public const int TryAgain = 75;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
