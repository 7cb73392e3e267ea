using System.Text;

namespace Ballast.Training.Tests;

/// <summary>The integer hash that reference weights and images follow from: numbers in [0, 1) of a name and a place.</summary>
internal static class HashNumbers
{
    /// <summary>The first numbers of a name: the top 24 bits of splitmix64(fnv1a64(name) + (i + 1) golden).</summary>
    public static float[] Uniform(string name, int count)
    {
        var start = 14695981039346656037UL;
        foreach (var letter in Encoding.UTF8.GetBytes(name)) start = (start ^ letter) * 1099511628211UL;
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            var x = start + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            x ^= x >> 31;
            values[i] = (x >> 40) / (float)(1 << 24);
        }

        return values;
    }
}
