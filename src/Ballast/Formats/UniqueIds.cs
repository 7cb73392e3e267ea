namespace Ballast;

/// <summary>Ids that differ: the first of equal ids keeps it, the others go on from the largest.</summary>
internal static class UniqueIds
{
    /// <summary>The ids to write.</summary>
    /// <param name="count">How many things there are.</param>
    /// <param name="idOf">The id each has.</param>
    /// <param name="counts">Which of them need a number at all; null for all.</param>
    /// <param name="isZeroAnId">Whether 0 may stay (pycocotools takes annotation 0 for none).</param>
    public static long[] Of(int count, Func<int, long> idOf, Func<int, bool>? counts = null, bool isZeroAnId = true)
    {
        var ids = new long[count];
        var seen = new IdSet();
        var largest = 0L;
        var anew = new List<int>();
        for (var i = 0; i < count; i++)
        {
            if (counts is not null && !counts(i)) continue;
            ids[i] = idOf(i);
            if ((ids[i] == 0 && !isZeroAnId) || ids[i] == DatasetBuilder.NoId || !seen.Add(ids[i])) anew.Add(i);
            else if (ids[i] < long.MaxValue / 2) largest = Math.Max(largest, ids[i]);
        }

        foreach (var i in anew) ids[i] = ++largest;
        return ids;
    }
}
