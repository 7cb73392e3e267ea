namespace Ballast;

/// <summary>
/// Bins of lengths in pixels, four to the octave from 1 to 8,192 px, with one bin below and one above. Bins are found from the bits of the number, so every machine
/// agrees.
/// </summary>
internal static class LengthScale
{
    private const int PerOctave = 4;
    private const int Octaves = 13;

    /// <summary>Number of bins.</summary>
    public const int Bins = (PerOctave * Octaves) + 2;

    private static readonly double[] Steps = [1, 1.189207115002721, 1.4142135623730951, 1.681792830507429];

    /// <summary>Edges of the bins between, ascending: 1, 1.19, 1.41, 1.68, 2 ... 8192 px.</summary>
    public static IReadOnlyList<double> Edges { get; } =
        [.. Enumerable.Range(0, (PerOctave * Octaves) + 1).Select(i => Math.ScaleB(Steps[i % PerOctave], i / PerOctave))];

    /// <summary>The bin of a length: 0 below 1 px, <see cref="Bins"/> - 1 from 8,192 px.</summary>
    public static int Bin(double length)
    {
        if (!(length >= 1)) return 0;
        var bits = BitConverter.DoubleToInt64Bits(length);
        var octave = (int)((bits >> 52) & 0x7FF) - 1023;
        if (octave >= Octaves) return Bins - 1;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        var step = mantissa >= Steps[2] ? (mantissa >= Steps[3] ? 3 : 2) : (mantissa >= Steps[1] ? 1 : 0);
        return 1 + (octave * PerOctave) + step;
    }

    /// <summary>A length in the middle of a bin, px.</summary>
    public static double Middle(int bin) => bin == 0 ? 0.5 : bin == Bins - 1 ? Edges[^1] : Math.Sqrt(Edges[bin - 1] * Edges[bin]);

    /// <summary>The length below which a share of the counts lies, px, linear inside a bin; NaN without counts.</summary>
    public static double Quantile(ReadOnlySpan<double> counts, double share)
    {
        var target = share * ImbalanceMeasures.Sum(counts);
        if (!(target >= 0) || ImbalanceMeasures.Sum(counts) == 0) return double.NaN;
        var below = 0.0;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            if (below + counts[bin] >= target && counts[bin] > 0)
            {
                var low = bin == 0 ? 0 : Edges[bin - 1];
                var high = bin == Bins - 1 ? Edges[^1] : Edges[bin];
                return low + ((high - low) * Math.Max(0, target - below) / counts[bin]);
            }

            below += counts[bin];
        }

        return Edges[^1];
    }
}
