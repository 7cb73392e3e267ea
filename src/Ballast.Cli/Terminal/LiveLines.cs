namespace Ballast.Cli;

/// <summary>A few lines at the end of stderr that are drawn over, with others that stay above them. Where stderr is no terminal there are none, and what stays is printed as it comes.</summary>
internal sealed class LiveLines(TextWriter? writer, bool live) : IDisposable
{
    private readonly Lock _lock = new();
    private IReadOnlyList<string> _drawn = [];

    /// <summary>Whether anything is drawn over.</summary>
    public bool IsLive => live && writer is not null;

    /// <summary>Draws lines over those that were drawn; none narrower than the terminal may be wrapped by it.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        if (!IsLive) return;
        lock (_lock)
        {
            Clear();
            foreach (var line in lines) writer!.WriteLine(line);
            _drawn = lines;
        }
    }

    /// <summary>Prints lines that stay, above those that are drawn over.</summary>
    public void Keep(IEnumerable<string> lines)
    {
        if (writer is null) return;
        lock (_lock)
        {
            var drawn = _drawn;
            Clear();
            foreach (var line in lines) writer.WriteLine(line);
            foreach (var line in drawn) writer.WriteLine(line);
            _drawn = drawn;
        }
    }

    /// <summary>Takes away what is drawn over.</summary>
    public void Dispose()
    {
        lock (_lock) Clear();
    }

    /// <summary>Up to the first drawn line, and everything from there on gone (ECMA-48 CPL and ED).</summary>
    private void Clear()
    {
        if (_drawn.Count > 0) writer!.Write($"\u001b[{_drawn.Count}F\u001b[0J");
        _drawn = [];
    }
}
