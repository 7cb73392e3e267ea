using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class TerminalInfoTests
{
    [Theory]
    [InlineData("LANG=C.UTF-8", true, true)]
    [InlineData("LANG=en_US.utf8;NO_COLOR=1", false, true)]
    [InlineData("LANG=en_US.UTF-8;LC_ALL=C", true, false)]
    [InlineData("LANG=en_US.UTF-8;TERM=dumb", false, false)]
    [InlineData("LANG=en_US.UTF-8;NO_COLOR=", true, true)]
    [InlineData("", true, false)]
    public void Colour_and_unicode_follow_the_environment(string variables, bool color, bool unicode)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has code pages instead of locale variables.");
        var info = Of(variables);
        Assert.Equal((color, unicode), (info.Color, info.Unicode));
    }

    [Fact]
    public void A_file_gets_no_colour_and_80_columns()
    {
        var info = TerminalInfo.Of(_ => null, outputRedirected: true, errorRedirected: true, windowWidth: 0);
        Assert.Equal((80, false, false), (info.Width, info.Color, info.LiveProgress));
    }

    [Theory]
    [InlineData(132, null, 132)]
    [InlineData(0, "100", 100)]
    [InlineData(0, "wide", 80)]
    [InlineData(3, null, 40)]
    [InlineData(9999, null, 240)]
    public void The_width_is_the_window_s_within_reason(int window, string? columns, int expected)
        => Assert.Equal(expected, TerminalInfo.Of(name => name == "COLUMNS" ? columns : null, false, false, window).Width);

    private static TerminalInfo Of(string variables)
    {
        var environment = variables.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return TerminalInfo.Of(environment.GetValueOrDefault, outputRedirected: false, errorRedirected: false, windowWidth: 100);
    }
}
