namespace Ballast;

/// <summary>One malformed thing in the input.</summary>
/// <param name="Code">What kind of flaw.</param>
/// <param name="File">The file it stands in.</param>
/// <param name="Line">Line in the file, from 1; 0 when not known.</param>
/// <param name="Subject">What it concerns: "annotation 12", "image 7 'a.jpg'".</param>
/// <param name="Detail">The offending value, and what was done.</param>
public sealed record Flaw(FlawCode Code, string File, long Line, string Subject, string Detail)
{
    /// <summary>One line for people: place, subject, meaning, value.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var value = Detail.Length > 0 ? $" ({Detail})" : "";
        return $"{place}: {Subject}: {Code.Code}: {Code.Meaning}{value}";
    }
}

/// <summary>
/// Everything wrong with the input: an exact count for each kind, and the first <see cref="ListedPerCode"/> of each kind in full (a set of ten million boxes
/// without ids would otherwise hold ten million sentences).
/// </summary>
public sealed class FlawList
{
    /// <summary>How many flaws of one kind are kept in full.</summary>
    public const int ListedPerCode = 10_000;

    private readonly SortedDictionary<string, (FlawCode Code, long Count, List<Flaw> Listed)> _byCode;

    internal FlawList(SortedDictionary<string, (FlawCode Code, long Count, List<Flaw> Listed)> byCode) => _byCode = byCode;

    /// <summary>No flaw.</summary>
    public static FlawList Empty { get; } = new(new(StringComparer.Ordinal));

    /// <summary>Number of flaws of all kinds, notes included.</summary>
    public long Count => _byCode.Values.Sum(entry => entry.Count);

    /// <summary>Number of flaws that are more than a note.</summary>
    public long CountAboveNotes => _byCode.Values.Where(entry => entry.Code.Severity != FlawSeverity.Note).Sum(entry => entry.Count);

    /// <summary>The kinds that occur, by code, with their exact counts.</summary>
    public IEnumerable<(FlawCode Code, long Count)> ByCode => _byCode.Values.Select(entry => (entry.Code, entry.Count));

    /// <summary>The flaws kept in full, by code, then in the order they were found.</summary>
    public IEnumerable<Flaw> Listed => _byCode.Values.SelectMany(entry => entry.Listed);

    /// <summary>These flaws and more: counts added, listed ones one after the other up to <see cref="ListedPerCode"/>.</summary>
    internal FlawList With(FlawList more, IReadOnlyCollection<FlawCode> replaced)
    {
        var all = new SortedDictionary<string, (FlawCode Code, long Count, List<Flaw> Listed)>(_byCode, StringComparer.Ordinal);
        foreach (var code in replaced) all.Remove(code.Code);
        foreach (var (code, added) in more._byCode)
        {
            all[code] = all.TryGetValue(code, out var own)
                ? (own.Code, own.Count + added.Count, [.. own.Listed.Concat(added.Listed).Take(ListedPerCode)])
                : added;
        }

        return new(all);
    }

    /// <summary>Exact number of flaws of one kind.</summary>
    public long CountOf(FlawCode code) => _byCode.TryGetValue(code.Code, out var entry) ? entry.Count : 0;
}

/// <summary>
/// Collects flaws while a data set is read, under a policy. Not thread-safe: readers that work in parallel collect apart and <see cref="Add(FlawCollector)"/>
/// in order.
/// </summary>
internal sealed class FlawCollector(FlawPolicy policy)
{
    private readonly SortedDictionary<string, (FlawCode Code, long Count, List<Flaw> Listed)> _byCode = new(StringComparer.Ordinal);

    public FlawPolicy Policy => policy;

    public bool Repairs => policy == FlawPolicy.Repair;

    /// <summary>Adds a flaw; the sentence is made only when it will be kept.</summary>
    public void Add<TState>(FlawCode code, TState state, Func<FlawCode, TState, Flaw> describe)
    {
        _byCode.TryGetValue(code.Code, out var entry);
        var listed = entry.Listed ?? [];
        if (policy == FlawPolicy.Strict && code.Severity != FlawSeverity.Note)
            throw new InputException($"{describe(code, state)} Fix the annotation, or read without --strict.");
        if (listed.Count < FlawList.ListedPerCode) listed.Add(describe(code, state));
        _byCode[code.Code] = (code, entry.Count + 1, listed);
    }

    public void Add(FlawCode code, string file, string subject, string detail = "", long line = 0)
        => Add(code, (file, subject, detail, line), static (c, s) => new Flaw(c, s.file, s.line, s.subject, s.detail));

    /// <summary>Appends what another collector found.</summary>
    public void Add(FlawCollector other)
    {
        foreach (var (code, (flawCode, count, listed)) in other._byCode)
        {
            _byCode.TryGetValue(code, out var entry);
            var all = entry.Listed ?? [];
            all.AddRange(listed.Take(FlawList.ListedPerCode - all.Count));
            _byCode[code] = (flawCode, entry.Count + count, all);
        }
    }

    public FlawList ToList() => new(_byCode);
}
