namespace Ballast.Cli;

/// <summary>
/// How far a step is and how long it will take, from the second second on: a bar that is drawn over on a terminal, a line every few seconds elsewhere. Reports come
/// from any thread.
/// </summary>
internal sealed class ProgressDisplay(TextWriter? writer, string what, bool live, int width, TimeProvider time) : IProgress<double>, IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = Silence;
    private int _drawn;

    /// <inheritdoc/>
    public void Report(double value)
    {
        if (writer is null) return;
        var elapsed = time.GetElapsedTime(_start);
        lock (_lock)
        {
            if (elapsed < _next || value >= 1) return;
            _next = elapsed + (live ? LiveInterval : LineInterval);
            if (live) Draw(value, elapsed);
            else writer.WriteLine($"{what}: {Percent(value)}{TimeLeft(value, elapsed)}");
        }
    }

    /// <summary>Clears the bar.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_drawn > 0) writer!.Write($"\r{new string(' ', _drawn)}\r");
            _drawn = 0;
        }
    }

    private void Draw(double value, TimeSpan elapsed)
    {
        const int cells = 20;
        var full = (int)(Math.Clamp(value, 0, 1) * cells);
        var line = $"{what} [{new string('#', full)}{new string('.', cells - full)}] {Percent(value)}{TimeLeft(value, elapsed)}";
        if (line.Length >= width) line = line[..(width - 1)];
        writer!.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }

    private static string Percent(double value) => $"{Math.Clamp(value, 0, 1) * 100:0} %";

    private static string TimeLeft(double value, TimeSpan elapsed)
    {
        if (value is not (> 0.01 and < 1)) return "";
        var left = elapsed * ((1 - value) / value);
        return left.TotalSeconds < 99 ? $", {Math.Ceiling(left.TotalSeconds):0} s left" : $", {Math.Ceiling(left.TotalMinutes):0} min left";
    }
}
