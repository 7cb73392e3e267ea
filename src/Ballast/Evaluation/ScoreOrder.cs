using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>The order of falling scores, stable: equal scores stay in the order they came in, as numpy's merge sort of the negated scores leaves them.</summary>
internal sealed class ScoreOrder
{
    private ulong[] _keys = [];
    private int[] _places = [];

    /// <summary>Places 0..N-1 of the rows, by falling score; valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<int> Sort(ReadOnlySpan<double> scores, ReadOnlySpan<int> rows)
    {
        if (_keys.Length < rows.Length) (_keys, _places) = (new ulong[rows.Length], new int[rows.Length]);
        var keys = _keys.AsSpan(0, rows.Length);
        var places = _places.AsSpan(0, rows.Length);
        for (var i = 0; i < rows.Length; i++) (keys[i], places[i]) = (Key(scores[rows[i]]), i);
        MemoryExtensions.Sort(keys, places);
        // The sort is not stable, but equal keys stand together: putting each run in order makes it so.
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start]) end++;
            if (end - start > 1) places[start..end].Sort();
            start = end;
        }

        return places;
    }

    /// <summary>A number that rises as the score falls; -0 and 0 are equal.</summary>
    private static ulong Key(double score)
    {
        var bits = BitConverter.DoubleToUInt64Bits(score + 0.0);
        var rising = (bits >> 63) == 0 ? bits | 0x8000000000000000 : ~bits;
        return ~rising;
    }
}
