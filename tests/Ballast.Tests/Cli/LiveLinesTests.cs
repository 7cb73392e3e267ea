using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class LiveLinesTests
{
    [Fact]
    public void Lines_are_drawn_over_and_what_stays_stands_above_them()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var lines = new LiveLines(text, live: true);
        lines.Draw(["a", "b"]);
        lines.Draw(["c"]);
        lines.Keep(["stays"]);
        lines.Dispose();
        Assert.Equal("a\nb\n\u001b[2F\u001b[0Jc\n\u001b[1F\u001b[0Jstays\nc\n\u001b[1F\u001b[0J", text.ToString());
    }

    [Fact]
    public void Without_a_terminal_only_what_stays_is_printed()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using (var lines = new LiveLines(text, live: false))
        {
            lines.Draw(["a"]);
            lines.Keep(["stays"]);
        }

        Assert.Equal("stays\n", text.ToString());
    }

    [Fact]
    public void A_quiet_terminal_prints_nothing() => new LiveLines(null, live: true).Keep(["stays"]);
}
