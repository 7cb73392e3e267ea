namespace Ballast;

/// <summary>
/// All counts a diagnosis is concluded from: whole numbers only, a set for each slice (part) of the data. Summaries of shards add up to the same bytes in any order
/// (associative, commutative), and a summary can be kept to see what drifted later.
/// </summary>
public sealed partial class DatasetSummary
{
    /// <summary>The layout's version; summaries of different versions are not added.</summary>
    public const int Schema = 1;

    // Most numbers of one tally that a saved summary may hold: 1 GiB.
    private const long MostCounts = 1L << 27;

    private readonly TallySet[] _slices;
    private readonly SortedDictionary<string, long> _flaws;
    private TallySet? _whole;

    internal DatasetSummary(SummaryKey key, TallySet[] slices, SortedDictionary<string, long> flaws)
    {
        Key = key;
        _slices = slices;
        _flaws = flaws;
    }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes => Key.Classes;

    /// <summary>Number of images.</summary>
    public long Images => Whole[ImageTally].Total();

    /// <summary>Number of flaws of each kind, by code.</summary>
    public IReadOnlyDictionary<string, long> Flaws => _flaws;

    /// <summary>Name of the tally that counts images: one cell, replicated.</summary>
    internal const string ImageTally = "images";

    internal SummaryKey Key { get; }

    /// <summary>The slices by name, in the order of the data set's parts; images of no part come last under an empty name.</summary>
    internal IEnumerable<(string Name, TallySet Counts)> Slices => _slices.Select((counts, i) => (i < Key.Slices.Count ? Key.Slices[i] : "", counts));

    /// <summary>The sum of all slices.</summary>
    internal TallySet Whole => _whole ??= Sum();

    /// <summary>Adds the counts of another summary of the same classes, slices, profile and seed.</summary>
    /// <exception cref="InputException">The two cannot be added; the sentence says in what they differ.</exception>
    public void Add(DatasetSummary other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Key.Difference(other.Key) is { } difference) throw new InputException($"The two summaries cannot be added: {difference}.");
        for (var i = 0; i < _slices.Length; i++) _slices[i].Add(other._slices[i]);
        foreach (var (code, count) in other._flaws) _flaws[code] = _flaws.GetValueOrDefault(code) + count;
        _whole = null;
    }

    private TallySet Sum()
    {
        var whole = new TallySet();
        foreach (var tally in _slices[0].All) whole.Declare(tally.Name, tally.IsReplicated, tally.Shape);
        foreach (var slice in _slices) whole.Add(slice);
        return whole;
    }
}

/// <summary>What two summaries must share to be added.</summary>
/// <param name="Classes">Names of the classes, in order.</param>
/// <param name="Slices">Names of the slices, in order; a summary has one more for images of none.</param>
/// <param name="Profile">The detector profile as JSON.</param>
/// <param name="Seed">Seed of the bootstrap.</param>
internal sealed record SummaryKey(IReadOnlyList<string> Classes, IReadOnlyList<string> Slices, string Profile, int Seed)
{
    /// <summary>In what the other differs, or null when it does not.</summary>
    public string? Difference(SummaryKey other)
    {
        if (!Classes.SequenceEqual(other.Classes)) return "their classes differ";
        if (!Slices.SequenceEqual(other.Slices)) return "their parts differ";
        if (Profile != other.Profile) return "their detector profiles differ";
        return Seed == other.Seed ? null : $"their seeds differ ({Seed} and {other.Seed})";
    }
}
