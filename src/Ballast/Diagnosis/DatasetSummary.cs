namespace Ballast;

/// <summary>
/// All counts a diagnosis is concluded from: whole numbers only, so that summaries of shards add up to the same bytes in any order (associative, commutative), and a
/// summary can be kept to see what drifted later.
/// </summary>
public sealed partial class DatasetSummary
{
    /// <summary>The layout's version; summaries of different versions are not added.</summary>
    public const int Schema = 1;

    private readonly SortedDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    internal DatasetSummary(SummaryKey key) => Key = key;

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes => Key.Classes;

    internal SummaryKey Key { get; }

    internal IEnumerable<Tally> Tallies => _tallies.Values;

    internal Tally this[string name] => _tallies[name];

    internal bool Has(string name) => _tallies.ContainsKey(name);

    internal Tally Declare(string name, bool replicated, params int[] shape)
    {
        var tally = new Tally(name, replicated, shape);
        _tallies.Add(name, tally);
        return tally;
    }

    /// <summary>Adds the counts of another summary of the same classes, profile, seed and parts.</summary>
    /// <exception cref="InputException">The two cannot be added; the sentence says in what they differ.</exception>
    public void Add(DatasetSummary other)
    {
        if (Key.Difference(other.Key) is { } difference) throw new InputException($"The two summaries cannot be added: {difference}.");
        foreach (var (name, tally) in _tallies)
        {
            if (!other._tallies.TryGetValue(name, out var theirs)) throw new InputException($"The two summaries cannot be added: one has no counts named '{name}'.");
            tally.Add(theirs);
        }
    }
}

/// <summary>What two summaries must share to be added.</summary>
/// <param name="Classes">Names of the classes, in order.</param>
/// <param name="Parts">Names of the parts, in order.</param>
/// <param name="Profile">The detector profile as JSON.</param>
/// <param name="Seed">Seed of the bootstrap.</param>
internal sealed record SummaryKey(IReadOnlyList<string> Classes, IReadOnlyList<string> Parts, string Profile, int Seed)
{
    /// <summary>In what the other differs, or null when it does not.</summary>
    public string? Difference(SummaryKey other)
    {
        if (!Classes.SequenceEqual(other.Classes)) return "their classes differ";
        if (!Parts.SequenceEqual(other.Parts)) return "their parts differ";
        if (Profile != other.Profile) return "their detector profiles differ";
        return Seed == other.Seed ? null : $"their seeds differ ({Seed} and {other.Seed})";
    }
}
