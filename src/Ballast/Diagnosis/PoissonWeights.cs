namespace Ballast;

/// <summary>
/// Weights of the Poisson bootstrap: how often an image (or its group) is drawn in each replicate, Poisson(1) independently. A pure function of seed and name, so
/// shards agree without speaking to each other, and replicates merge by addition.
/// </summary>
internal sealed class PoissonWeights
{
    /// <summary>Replicates behind every interval.</summary>
    public const int Replicates = 200;

    /// <summary>Values in a row of a replicated tally: the data as they are, then the replicates.</summary>
    public const int Row = Replicates + 1;

    private static readonly byte[] Quantiles = MakeQuantiles();
    private readonly long[] _weights = new long[Row];

    /// <summary>1 for the data as they are, then the weight in each replicate.</summary>
    public ReadOnlySpan<long> Weights => _weights;

    /// <summary>Draws the weights of an image.</summary>
    /// <param name="seed">The diagnosis' seed.</param>
    /// <param name="unit">Name of the group the image belongs to, or its file name.</param>
    public void Draw(int seed, ReadOnlySpan<char> unit)
    {
        var state = StableHash.Of(seed, unit);
        _weights[0] = 1;
        for (var i = 1; i < Row; i += 4)
        {
            state += 0x9E3779B97F4A7C15UL;
            var bits = StableHash.Mix(state);
            _weights[i] = Quantiles[(ushort)bits];
            _weights[i + 1] = Quantiles[(ushort)(bits >> 16)];
            _weights[i + 2] = Quantiles[(ushort)(bits >> 32)];
            _weights[i + 3] = Quantiles[(ushort)(bits >> 48)];
        }
    }

    /// <summary>The weight in one replicate, from 0, of a unit whose state is <see cref="StableHash.Of(int, ReadOnlySpan{char})"/>: the same number as <see cref="Draw"/> gives it.</summary>
    public static int At(ulong state, int replicate)
    {
        var bits = StableHash.Mix(state + ((ulong)((replicate / 4) + 1) * 0x9E3779B97F4A7C15UL));
        return Quantiles[(ushort)(bits >> (16 * (replicate % 4)))];
    }

    /// <summary>The Poisson(1) value of each 16-bit uniform; probabilities are exact to 1/65536.</summary>
    private static byte[] MakeQuantiles()
    {
        // 65536 x P(X <= k) for k = 0..7, rounded; the rest are 8.
        ReadOnlySpan<int> cumulative = [24109, 48219, 60273, 64292, 65296, 65497, 65531, 65535];
        var quantiles = new byte[65536];
        var value = 0;
        for (var u = 0; u < quantiles.Length; u++)
        {
            while (value < cumulative.Length && u >= cumulative[value]) value++;
            quantiles[u] = (byte)value;
        }

        return quantiles;
    }
}
