using System.Numerics;

namespace Ballast;

/// <summary>
/// The pyramid level of a box by its size: k = floor(4 + log2(sqrt(wh) / 224)), clamped to the levels a detector has, where regions are pooled (Lin et al. 2017,
/// arXiv:1612.03144, eq. 1); where each level learns by its own anchors, the same rule with the border between the two finest levels halfway (in octaves) between
/// their anchors. Sizes are counted in quarters of an octave whose edges fall on the levels' borders, so that shares at other input sides follow from the same counts.
/// </summary>
internal sealed class LevelRule
{
    private const int QuartersPerLevel = 4;

    // Quarters of an octave by which objects stand higher in the pyramid than by eq. 1.
    private readonly int _shift;

    public LevelRule(DetectorProfile profile)
        : this((int)Math.Round(Math.Log2(profile.Anchors.Levels[0].Stride)), [.. profile.Anchors.Levels.Select(level => level.Name)], 0)
    {
        if (profile.PoolsRegions || Count == 1) return;
        var (finest, next) = (profile.Anchors.Levels[0].Sizes.Max(), profile.Anchors.Levels[1].Sizes.Min());
        _shift = (int)Math.Round(QuartersPerLevel * Math.Log2(LowerSide(1) / Math.Sqrt(finest * next)));
    }

    private LevelRule(int first, IReadOnlyList<string> names, int shift)
    {
        First = first;
        Names = names;
        _shift = shift;
    }

    /// <summary>P2 to P7: the levels of every usual pyramid, for comparisons that know no profile.</summary>
    public static LevelRule Usual { get; } = new(2, ["P2", "P3", "P4", "P5", "P6", "P7"], 0);

    /// <summary>The k of the finest level: log2 of its stride.</summary>
    public int First { get; }

    /// <summary>Number of levels.</summary>
    public int Count => Names.Count;

    /// <summary>Names of the levels, finest first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The same levels and one finer.</summary>
    public LevelRule WithFinerLevel() => new(First - 1, [$"P{First - 1}", .. Names], _shift);

    /// <summary>Square root of the area from which a box belongs to a level (0 is the finest), pixels.</summary>
    public double LowerSide(int level) => 224 * Math.Pow(2, First + level - 4 - (_shift / (double)QuartersPerLevel));

    /// <summary>The level of a box, 0 for the finest.</summary>
    public int LevelOf(in Box box)
        => Math.Clamp(LevelOf(Bin(Math.Sqrt((double)(box.X2 - box.X1) * (box.Y2 - box.Y1))), _shift) - First, 0, Count - 1);

    /// <summary>The bin of a size: 224 px lie on an edge, so every level is four whole bins.</summary>
    public static int Bin(double size) => LengthScale.Bin(size * 8 / 7);

    /// <summary>The k of a bin by eq. 1, before it is clamped.</summary>
    /// <param name="bin">The bin.</param>
    /// <param name="quarters">Quarters of an octave that every object grows by.</param>
    public static int LevelOf(int bin, int quarters = 0) => ((bin - 1 + quarters) >> BitOperations.Log2(QuartersPerLevel)) - 4;

    /// <summary>Adds up bins to levels.</summary>
    /// <param name="bins">Counts by bin.</param>
    /// <param name="quarters">Quarters of an octave that every object grows by: 4 doubles all sizes.</param>
    /// <returns>Counts by level, finest first.</returns>
    public double[] Levels(ReadOnlySpan<double> bins, int quarters = 0)
    {
        var levels = new double[Count];
        for (var bin = 0; bin < bins.Length; bin++) levels[Math.Clamp(LevelOf(bin, quarters + _shift) - First, 0, Count - 1)] += bins[bin];
        return levels;
    }
}
