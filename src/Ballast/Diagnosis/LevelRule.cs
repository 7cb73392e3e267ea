using System.Numerics;

namespace Ballast;

/// <summary>
/// The pyramid level of a box by its size (Lin et al. 2017, arXiv:1612.03144, eq. 1): k = floor(4 + log2(sqrt(wh) / 224)), clamped to the levels a detector has.
/// Sizes are counted in quarters of an octave whose edges fall on the levels' borders, so that shares at other input sides follow from the same counts exactly.
/// </summary>
internal sealed class LevelRule
{
    private const int QuartersPerLevel = 4;

    public LevelRule(AnchorOptions anchors)
        : this((int)Math.Round(Math.Log2(anchors.Levels[0].Stride)), [.. anchors.Levels.Select(level => level.Name)])
    {
    }

    private LevelRule(int first, IReadOnlyList<string> names)
    {
        First = first;
        Names = names;
    }

    /// <summary>P2 to P7: the levels of every usual pyramid, for comparisons that know no profile.</summary>
    public static LevelRule Usual { get; } = new(2, ["P2", "P3", "P4", "P5", "P6", "P7"]);

    /// <summary>The k of the finest level: log2 of its stride.</summary>
    public int First { get; }

    /// <summary>Number of levels.</summary>
    public int Count => Names.Count;

    /// <summary>Names of the levels, finest first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The same levels and one finer.</summary>
    public LevelRule WithFinerLevel() => new(First - 1, [$"P{First - 1}", .. Names]);

    /// <summary>Square root of the area from which a box belongs to a level (0 is the finest), pixels.</summary>
    public double LowerSide(int level) => Math.ScaleB(224, First + level - 4);

    /// <summary>The bin of a size: 224 px lie on an edge, so every level is four whole bins.</summary>
    public static int Bin(double size) => LengthScale.Bin(size * 8 / 7);

    /// <summary>The k of a bin, before it is clamped.</summary>
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
        for (var bin = 0; bin < bins.Length; bin++) levels[Math.Clamp(LevelOf(bin, quarters) - First, 0, Count - 1)] += bins[bin];
        return levels;
    }
}
