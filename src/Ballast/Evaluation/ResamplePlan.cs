namespace Ballast;

/// <summary>
/// The matches of one slice, laid out for weighing them again and again: for each class the images of the detections that count, by falling score, and the few
/// detections (events) that are a hit, or left out, at some threshold. Between events precision can only fall, so nothing else has to be looked at.
/// </summary>
internal sealed class ResamplePlan
{
    private ResamplePlan(int thresholds, ClassPlan[] classes) => (Thresholds, Classes) = (thresholds, classes);

    public int Thresholds { get; }

    public IReadOnlyList<ClassPlan> Classes { get; }

    /// <summary>Most events a class has.</summary>
    public int MostEvents => Classes.Count == 0 ? 0 : Classes.Max(plan => plan.Events.Length);

    /// <summary>Lays out the matches of a slice.</summary>
    public static ResamplePlan Of(MatchTable matches, ClassTruths truths, MatchSlices slicing, int slice)
        => new(matches.Thresholds, [.. Enumerable.Range(0, matches.End.Length).Select(k => Of(matches, truths, slicing, slice, k))]);

    private static ClassPlan Of(MatchTable matches, ClassTruths truths, MatchSlices slicing, int slice, int k)
    {
        var images = new List<int>(matches.End[k] - matches.First[k]);
        var events = new List<MatchEvent>();
        for (var at = matches.First[k]; at < matches.End[k]; at++)
        {
            var (hits, ignored) = (matches.Hits[slice][at], matches.Ignored[slice][at]);
            if (ignored == matches.AllThresholds) continue;
            if ((hits | ignored) != 0) events.Add(new(images.Count, hits, ignored));
            images.Add(matches.Images[at]);
        }

        var objects = new List<int>();
        for (var i = truths.First[k]; i < truths.First[k + 1]; i++)
        {
            if (truths.Kinds[i] == TruthKind.Object && ((slicing.Truths[truths.Boxes[i]] >> slice) & 1) != 0) objects.Add(truths.Images[i]);
        }

        return new([.. images], [.. events], [.. objects]);
    }
}

/// <summary>The matches of one class.</summary>
/// <param name="Images">Image of each detection that counts at some threshold, by falling score.</param>
/// <param name="Events">Those that are a hit or left out at some threshold.</param>
/// <param name="Objects">Image of each truth that counts.</param>
internal sealed record ClassPlan(int[] Images, MatchEvent[] Events, int[] Objects);

/// <summary>A detection that is a hit, or left out, at some thresholds.</summary>
/// <param name="At">Its place among the detections that count.</param>
/// <param name="Hits">A bit for each threshold where it is a hit.</param>
/// <param name="Ignored">A bit for each threshold where it is left out.</param>
internal readonly record struct MatchEvent(int At, uint Hits, uint Ignored);
