namespace Ballast;

/// <summary>The smallest of many sort keys, without sorting the rest.</summary>
internal static class Selection
{
    private const int DigitBits = 11;

    /// <summary>Keys that are quicker sorted than counted.</summary>
    private const int FewKeys = 128;

    /// <summary>Moves the smallest keys to the front, in no order.</summary>
    /// <param name="keys">[N].</param>
    /// <param name="count">How many; all keys from N on.</param>
    public static void Smallest(Span<ulong> keys, int count)
    {
        Span<int> counts = stackalloc int[1 << DigitBits];
        var window = keys;
        for (var shift = 64 - DigitBits; count > 0 && count < window.Length; shift = Math.Max(shift - DigitBits, 0))
        {
            if (window.Length <= FewKeys)
            {
                window.Sort();
                return;
            }

            var (digit, below) = Border(window, shift, counts, count);
            var last = Partition(window, shift, digit);
            window = window[below..last];
            count -= below;
            if (shift == 0) return;
        }
    }

    /// <summary>The digit in which the last wanted key lies, and the number of keys with a smaller one.</summary>
    private static (ulong Digit, int Below) Border(ReadOnlySpan<ulong> keys, int shift, Span<int> counts, int count)
    {
        counts.Clear();
        foreach (var key in keys) counts[(int)Digit(key, shift)]++;
        var (digit, below) = (0, 0);
        while (below + counts[digit] < count) below += counts[digit++];
        return ((ulong)digit, below);
    }

    /// <summary>Orders keys into those with a smaller digit, those with the same and those with a larger; returns where the larger begin.</summary>
    private static int Partition(Span<ulong> keys, int shift, ulong digit)
    {
        var (smaller, larger) = (0, keys.Length);
        for (var i = 0; i < larger;)
        {
            var key = keys[i];
            var own = Digit(key, shift);
            if (own > digit)
            {
                keys[i] = keys[--larger];
                keys[larger] = key;
                continue;
            }

            if (own < digit)
            {
                keys[i] = keys[smaller];
                keys[smaller++] = key;
            }

            i++;
        }

        return larger;
    }

    private static ulong Digit(ulong key, int shift) => (key >> shift) & ((1UL << DigitBits) - 1);
}
