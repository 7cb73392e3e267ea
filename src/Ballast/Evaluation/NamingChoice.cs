using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>Chooses between ways of reading names: the one that explains most of them, unless another explains as many otherwise.</summary>
internal static class NamingChoice
{
    private const int Twice = -2;

    /// <summary>Index of the best map: the first that resolves the most names.</summary>
    /// <param name="maps">What each way makes of each name, -1 for nothing.</param>
    /// <param name="rival">Index of a map that resolves as many, but otherwise; -1 when there is none.</param>
    public static int Best(int[][] maps, out int rival)
    {
        var counts = Array.ConvertAll(maps, map => map.Count(index => index >= 0));
        var best = Array.IndexOf(counts, counts.Max());
        rival = -1;
        for (var i = best + 1; i < maps.Length && counts[best] > 0; i++)
        {
            if (counts[i] == counts[best] && !maps[i].AsSpan().SequenceEqual(maps[best])) rival = i;
        }

        return best;
    }

    /// <summary>Lets a name stand for an index; a name of two things stands for none.</summary>
    public static void Add<TName>(Dictionary<TName, int> names, TName name, int index)
        where TName : notnull
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(names, name, out var exists);
        entry = exists && entry != index ? Twice : index;
    }

    /// <summary>What a name stands for, or -1.</summary>
    public static int Find<TName>(Dictionary<TName, int> names, TName name)
        where TName : notnull
        => names.TryGetValue(name, out var index) && index >= 0 ? index : -1;
}
