namespace Ballast;

/// <summary>Average precision from the precisions at each hit: made to fall with recall, read at recalls 0, 0.01 ... 1 (COCO).</summary>
internal static class InterpolatedPrecision
{
    /// <summary>Replaces each precision by the best at the same or a higher recall.</summary>
    public static void MakeFalling(Span<double> precisions)
    {
        for (var n = precisions.Length - 1; n > 0; n--) precisions[n - 1] = Math.Max(precisions[n - 1], precisions[n]);
    }

    /// <summary>Average precision; the precisions (one a hit, by falling score) are made to fall on the way. NaN without positives.</summary>
    public static double Average(Span<double> precisions, int positives)
    {
        if (positives == 0) return double.NaN;
        MakeFalling(precisions);
        var (sum, hit) = (0.0, 0);
        for (var r = 0; r < PrecisionTable.RecallPoints; r++)
        {
            while (hit < precisions.Length && (hit + 1) / (double)positives < r * 0.01) hit++;
            if (hit == precisions.Length) break;
            sum += precisions[hit];
        }

        return sum / PrecisionTable.RecallPoints;
    }
}
