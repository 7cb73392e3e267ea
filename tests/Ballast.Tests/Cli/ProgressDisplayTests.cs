using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class ProgressDisplayTests
{
    [Fact]
    public void Nothing_is_shown_in_the_first_two_seconds()
    {
        var (text, time) = (new StringWriter(), new ManualTime());
        using var progress = new ProgressDisplay(text, "reading a", live: true, 80, time);
        time.Seconds = 1.9;
        progress.Report(0.5);
        Assert.Equal("", text.ToString());
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_is_cleared_at_the_end()
    {
        var (text, time) = (new StringWriter(), new ManualTime());
        var progress = new ProgressDisplay(text, "reading a", live: true, 80, time);
        time.Seconds = 5;
        progress.Report(0.25);
        const string bar = "reading a [#####...............] 25 %, 15 s left";
        Assert.Equal($"\r{bar}", text.ToString());
        progress.Dispose();
        Assert.Equal($"\r{bar}\r{new string(' ', bar.Length)}\r", text.ToString());
    }

    [Fact]
    public void Elsewhere_a_line_comes_every_five_seconds()
    {
        var (text, time) = (new StringWriter { NewLine = "\n" }, new ManualTime());
        using (var progress = new ProgressDisplay(text, "reading a", live: false, 80, time))
        {
            for (var second = 0; second < 10; second++)
            {
                time.Seconds = second;
                progress.Report(second / 20.0);
            }
        }

        Assert.Equal("reading a: 10 %, 18 s left\nreading a: 35 %, 13 s left\n", text.ToString());
    }

    [Fact]
    public void Long_times_are_told_in_minutes_and_a_bar_fits_its_terminal()
    {
        var (text, time) = (new StringWriter(), new ManualTime());
        using var progress = new ProgressDisplay(text, "reading a", live: true, 40, time);
        time.Seconds = 600;
        progress.Report(0.5);
        Assert.StartsWith("\rreading a [##########..........] 50 %", text.ToString());
        Assert.Equal(40, text.ToString().Length);
        using var wide = new ProgressDisplay(text, "reading a", live: false, 80, new ManualTime());
        wide.Report(1);
        Assert.DoesNotContain("min left", text.ToString());
    }

    [Fact]
    public void A_quiet_one_is_silent()
    {
        var time = new ManualTime();
        using var progress = new ProgressDisplay(null, "reading a", live: true, 80, time);
        time.Seconds = 60;
        progress.Report(0.5);
    }

    private sealed class ManualTime : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
