namespace Ballast.Cli;

/// <summary>What the output goes to. A value, so that tests can say what they want.</summary>
internal sealed record TerminalInfo
{
    private const int UsualWidth = 80;

    /// <summary>Columns of a line.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Whether stdout understands colour codes and the user wants them.</summary>
    public bool Color { get; init; }

    /// <summary>Whether characters beyond ASCII arrive.</summary>
    public bool Unicode { get; init; } = true;

    /// <summary>Whether stderr is a terminal whose last line can be drawn over.</summary>
    public bool LiveProgress { get; init; }

    /// <summary>Looks at this process' streams and environment.</summary>
    public static TerminalInfo Detect()
        => Of(Environment.GetEnvironmentVariable, Console.IsOutputRedirected, Console.IsErrorRedirected, Console.IsOutputRedirected ? 0 : WindowWidth());

    /// <summary>Decides by environment variables: NO_COLOR (no-color.org), TERM=dumb, COLUMNS, and the locale's character set.</summary>
    /// <param name="environment">Reads a variable.</param>
    /// <param name="outputRedirected">Whether stdout is no terminal.</param>
    /// <param name="errorRedirected">Whether stderr is no terminal.</param>
    /// <param name="windowWidth">The terminal's width, or 0 when it is not known.</param>
    public static TerminalInfo Of(Func<string, string?> environment, bool outputRedirected, bool errorRedirected, int windowWidth)
    {
        var isDumb = environment("TERM") == "dumb";
        var width = windowWidth > 0 ? windowWidth : int.TryParse(environment("COLUMNS"), out var columns) && columns > 0 ? columns : UsualWidth;
        return new()
        {
            Width = Math.Clamp(width, 40, 240),
            Color = !outputRedirected && !isDumb && string.IsNullOrEmpty(environment("NO_COLOR")),
            Unicode = !isDumb && IsUnicode(environment),
            LiveProgress = !errorRedirected && !isDumb,
        };
    }

    private static bool IsUnicode(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows()) return Console.OutputEncoding.CodePage == 65001;
        string[] variables = ["LC_ALL", "LC_CTYPE", "LANG"];
        var locale = variables.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
