namespace Ballast;

/// <summary>The tallies of one slice of a data set (a part, or all images without one), by name in ordinal order.</summary>
internal sealed class TallySet
{
    private readonly SortedDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    public IEnumerable<Tally> All => _tallies.Values;

    public Tally this[string name] => _tallies[name];

    public bool Has(string name) => _tallies.ContainsKey(name);

    /// <summary>Makes an empty tally; several findings may declare the same one.</summary>
    public Tally Declare(string name, bool replicated, params int[] shape)
    {
        if (_tallies.TryGetValue(name, out var known)) return known;
        var tally = new Tally(name, replicated, shape);
        _tallies.Add(name, tally);
        return tally;
    }

    /// <summary>Adds the counts of another set of the same tallies.</summary>
    /// <exception cref="InputException">The two do not hold the same tallies.</exception>
    public void Add(TallySet other)
    {
        if (other._tallies.Count != _tallies.Count) throw new InputException("The two summaries cannot be added: they hold different counts.");
        foreach (var (name, tally) in _tallies)
        {
            if (!other._tallies.TryGetValue(name, out var theirs) || !theirs.HasShapeOf(tally))
                throw new InputException($"The two summaries cannot be added: one has no counts named '{name}', or of another shape.");
            tally.Add(theirs);
        }
    }
}
