namespace Ballast;

/// <summary>Hashes that are the same on every machine and in every run: what everything random in the data half starts from.</summary>
internal static class StableHash
{
    /// <summary>FNV-1a over the UTF-16 units of a text, 64 bits.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var unit in text) hash = (hash ^ unit) * 0x100000001B3UL;
        return hash;
    }

    /// <summary>The finaliser of splitmix64 (Steele et al. 2014): every input bit reaches every output bit.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>One number for a seed and a text, such as an image's file name.</summary>
    public static ulong Of(int seed, ReadOnlySpan<char> text) => Mix(Of(text) + ((ulong)(uint)seed * 0x9E3779B97F4A7C15UL));
}
