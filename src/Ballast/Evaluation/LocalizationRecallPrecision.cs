namespace Ballast;

/// <summary>
/// The localisation-recall-precision error of a set of detections (Oksuz et al., arXiv:2011.10772): one number in [0, 1], lower is better, and the three errors it is
/// made of. Unlike AP it sees how tightly boxes fit, and it speaks of one score threshold: the one a deployed detector would use.
/// </summary>
/// <param name="Error">(sum over hits of (1 - IoU) / (1 - tau) + false alarms + misses) / (hits + false alarms + misses); NaN without truth.</param>
/// <param name="Localization">Mean of 1 - IoU over the hits; NaN without a hit.</param>
/// <param name="FalseAlarms">Share of the detections that are no hit; NaN without a hit.</param>
/// <param name="Misses">Share of the truths that are not found; NaN without truth.</param>
/// <param name="Threshold">The score from which detections are used; NaN without a hit.</param>
public sealed record LrpError(double Error, double Localization, double FalseAlarms, double Misses, double Threshold)
{
    /// <summary>No truth to measure against.</summary>
    public static LrpError Undefined { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Truths, and nothing that finds one.</summary>
    public static LrpError NothingFound { get; } = new(1, double.NaN, double.NaN, 1, double.NaN);

    /// <summary>The error of a set of detections.</summary>
    /// <param name="lostOverlap">Sum over the hits of 1 - IoU.</param>
    /// <param name="hits">Detections that match a truth at IoU tau.</param>
    /// <param name="falseAlarms">Detections that do not.</param>
    /// <param name="misses">Truths that no detection matches.</param>
    /// <param name="tau">IoU a hit needs, below 1.</param>
    /// <param name="threshold">The score the set was cut at.</param>
    public static LrpError Of(double lostOverlap, int hits, int falseAlarms, int misses, double tau, double threshold)
    {
        if (hits + misses == 0) return Undefined;
        if (hits == 0) return NothingFound;
        // At tau 1 every hit fits exactly, and its part of the error is 0 / 0.
        var localization = tau < 1 ? lostOverlap / (1 - tau) : 0;
        return new(
            (localization + falseAlarms + misses) / (hits + falseAlarms + misses),
            lostOverlap / hits,
            (double)falseAlarms / (hits + falseAlarms),
            (double)misses / (hits + misses),
            threshold);
    }
}

/// <summary>
/// Optimal LRP: for each class the least LRP error over all score thresholds, its parts, and the threshold that reaches it, which is the class' own best threshold for
/// use. Thresholds never part equal scores. Detections on crowds and other left-out truths are neither hits nor false alarms.
/// </summary>
public sealed record LocalizationRecallPrecision
{
    /// <summary>IoU a hit needs: the first threshold of the evaluation.</summary>
    public required double Tau { get; init; }

    /// <summary>Means over the classes with truths; each part over the classes where it is defined. <see cref="LrpError.Threshold"/> is NaN: classes have their own.</summary>
    public required LrpError Overall { get; init; }

    /// <summary>Optimal LRP of each class; <see cref="LrpError.Undefined"/> for one without truths.</summary>
    public required Values<LrpError> Classes { get; init; }

    /// <summary>Finds optimal LRP from the matches of an evaluation.</summary>
    public static LocalizationRecallPrecision Of(CocoEvaluation evaluation)
    {
        var tau = evaluation.Options.IoUThresholds[0];
        LrpError[] classes = [.. Enumerable.Range(0, evaluation.Classes.Count).Select(k => Best(evaluation, k, tau))];
        return new()
        {
            Tau = tau,
            Classes = [.. classes],
            Overall = new(
                CocoFigures.Mean(classes.Select(c => c.Error)),
                CocoFigures.Mean(classes.Select(c => c.Localization)),
                CocoFigures.Mean(classes.Select(c => c.FalseAlarms)),
                CocoFigures.Mean(classes.Select(c => c.Misses)),
                double.NaN),
        };
    }

    private static LrpError Best(CocoEvaluation evaluation, int k, double tau)
    {
        var matches = evaluation.Matches;
        var truths = evaluation.Objects(k);
        if (truths == 0) return LrpError.Undefined;
        var best = LrpError.NothingFound;
        var (lostOverlap, hits, falseAlarms) = (0.0, 0, 0);
        for (var at = matches.First[k]; at < matches.End[k]; at++)
        {
            if ((matches.Hits[0][at] & 1) != 0)
            {
                lostOverlap += 1 - matches.Overlaps[at];
                hits++;
            }
            else if ((matches.Ignored[0][at] & 1) == 0)
            {
                falseAlarms++;
            }

            if (at + 1 < matches.End[k] && matches.Scores[at + 1] == matches.Scores[at]) continue;
            var error = LrpError.Of(lostOverlap, hits, falseAlarms, truths - hits, tau, matches.Scores[at]);
            if (error.Error < best.Error) best = error;
        }

        return best;
    }
}
