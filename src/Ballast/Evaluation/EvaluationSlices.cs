namespace Ballast;

/// <summary>The figures of one slice of the objects. What lies outside the slice is neither right nor wrong, as COCO treats sizes outside a range.</summary>
/// <param name="Name">The slice's name.</param>
/// <param name="Objects">Truths in it.</param>
/// <param name="Classes">Classes that have truths in it: the ones the means are over.</param>
/// <param name="AP">Mean over classes and IoU thresholds; NaN without truth.</param>
/// <param name="AP50">At IoU 0.50; NaN when that is no threshold.</param>
public sealed record EvaluationSlice(string Name, int Objects, int Classes, double AP, double AP50);

/// <summary>Figures sliced along one axis, and what its imbalance costs.</summary>
/// <param name="By">The axis.</param>
/// <param name="Slices">Its slices, in order.</param>
/// <param name="Reference">The slice the others are held against: the one with the most objects.</param>
/// <param name="Cost">
/// AP points (in [0, 1]) that would be won if every slice were detected as well as the reference: each slice's shortfall times its share, where a slice that is better
/// than the reference wins nothing back. Shares are of classes for class frequency (AP is a mean over classes) and of objects, mean over classes, elsewhere.
/// </param>
public sealed record SlicedFigures(EvaluationAxis By, Values<EvaluationSlice> Slices, int Reference, double Cost)
{
    /// <summary>The weight of each slice's shortfall in the cost; they add up to 1.</summary>
    public Values<double> Shares { get; init; } = [];

    /// <summary>How sure the cost is; null when no images were drawn again.</summary>
    public CostInterval? Interval { get; init; }
}

/// <summary>AP by class frequency, object size, pyramid level, image zone and crowding: where a detector is good, and which imbalance costs how much.</summary>
public sealed record EvaluationSlices
{
    /// <summary>The axes, in the order of <see cref="EvaluationAxis"/>; those of level and zone are missing when the size of an image is not known.</summary>
    public required Values<SlicedFigures> Axes { get; init; }

    /// <summary>How classes were grouped.</summary>
    public required FrequencyGroups Groups { get; init; }

    /// <summary>The figures of an axis, or null when the truth does not allow it.</summary>
    public SlicedFigures? Of(EvaluationAxis by) => Axes.FirstOrDefault(axis => axis.By == by);

    /// <summary>Slices an evaluation.</summary>
    /// <param name="evaluation">What to slice.</param>
    /// <param name="profile">The detector whose pyramid levels are meant; RetinaNet by default.</param>
    /// <param name="groups">How common classes are; by the truth itself by default.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="replicates">How often images are drawn again to say how sure the costs are, at most 200 times; 0 for not at all.</param>
    public static EvaluationSlices Of(CocoEvaluation evaluation, DetectorProfile? profile = null, FrequencyGroups? groups = null, int seed = 0, int replicates = 0)
    {
        groups ??= FrequencyGroups.By(evaluation.Truth);
        var axes = SliceAxis.All(evaluation.Truth, evaluation.Options, profile ?? DetectorProfile.RetinaNet);
        var slicing = SliceAxis.Slice(evaluation.Truth, evaluation.Detections, axes);
        var matches = DetectionMatching.Run(evaluation.Truth, evaluation.Detections, evaluation.Truths, slicing, evaluation.Options, evaluation.ImageOrder);
        var table = PrecisionTable.Of(matches, evaluation.Truths, slicing, evaluation.Options, curves: false);
        var weights = replicates > 0 ? CostInterval.Weights(evaluation.Truth, seed, replicates) : null;
        var sliced = new List<SlicedFigures> { ByFrequency(evaluation, groups, weights) };
        var first = 0;
        foreach (var axis in axes)
        {
            var figures = Along(axis, first, table, evaluation);
            sliced.Add(weights is null ? figures : figures with { Interval = IntervalAlong(figures, first, matches, slicing, evaluation, weights) });
            first += axis.Names.Count;
        }

        return new() { Axes = [.. sliced], Groups = groups };
    }

    private static SlicedFigures ByFrequency(CocoEvaluation evaluation, FrequencyGroups groups, ImageWeights? weights)
    {
        var slices = Enum.GetValues<Frequency>().Select(group =>
        {
            var classes = groups.Classes(group).Where(k => evaluation.Objects(k) > 0).Select(k => evaluation.Classes[k]).ToArray();
            return new EvaluationSlice(
                group.ToString().ToLowerInvariant(),
                classes.Sum(c => c.Objects),
                classes.Length,
                CocoFigures.Mean(classes.Select(c => c.Figures.AP)),
                CocoFigures.Mean(classes.Select(c => c.Figures.AP50)));
        }).ToArray();
        double all = slices.Sum(slice => slice.Classes);
        var figures = Judge(EvaluationAxis.ClassFrequency, slices, [.. slices.Select(slice => slice.Classes / all)]);
        if (weights is null) return figures;
        var run = EvaluationIntervals.Replicate(evaluation, weights, 0);
        return figures with
        {
            Interval = CostInterval.Of(
                figures,
                slice => run.Mean(0, [.. groups.Classes((Frequency)slice).Where(k => evaluation.Objects(k) > 0)]),
                slice => Holders(evaluation, i => groups.Of[evaluation.Truth.Boxes.Class(evaluation.Truths.Boxes[i])] == (Frequency)slice),
                evaluation.Truth.Images.Count),
        };
    }

    private static CostInterval IntervalAlong(SlicedFigures figures, int first, MatchTable matches, MatchSlices slicing, CocoEvaluation evaluation, ImageWeights weights)
        => CostInterval.Of(
            figures,
            slice =>
            {
                var plan = ResamplePlan.Of(matches, evaluation.Truths, slicing, first + slice);
                return ResampledPrecision.Run(plan, weights, -1, -1).Mean(0, [.. Enumerable.Range(0, plan.Classes.Count).Where(k => plan.Classes[k].Objects.Length > 0)]);
            },
            slice => Holders(evaluation, i => ((slicing.Truths[evaluation.Truths.Boxes[i]] >> (first + slice)) & 1) != 0),
            evaluation.Truth.Images.Count);

    /// <summary>Images of the truths that are objects and meet a condition.</summary>
    private static IEnumerable<int> Holders(CocoEvaluation evaluation, Func<int, bool> condition)
        => Enumerable.Range(0, evaluation.Truths.Boxes.Length).Where(i => evaluation.Truths.Kinds[i] == TruthKind.Object && condition(i)).Select(i => evaluation.Truths.Images[i]);

    private static SlicedFigures Along(SliceAxis axis, int first, PrecisionTable table, CocoEvaluation evaluation)
    {
        var (classes, thresholds) = (evaluation.Classes.Count, evaluation.Options.IoUThresholds.Count);
        var at50 = EvaluationIntervals.ThresholdOf(evaluation.Options, 1);
        var slices = new EvaluationSlice[axis.Names.Count];
        var shares = new double[slices.Length];
        for (var i = 0; i < slices.Length; i++)
        {
            var slice = first + i;
            var present = Enumerable.Range(0, classes).Where(k => table.Positives(slice, k) > 0).ToArray();
            slices[i] = new(
                axis.Names[i],
                present.Sum(k => table.Positives(slice, k)),
                present.Length,
                CocoFigures.Mean(present.SelectMany(k => Enumerable.Range(0, thresholds).Select(t => table.Average(slice, k, t)))),
                at50 < 0 ? double.NaN : CocoFigures.Mean(present.Select(k => table.Average(slice, k, at50))));
            foreach (var k in present) shares[i] += (double)table.Positives(slice, k) / Enumerable.Range(first, slices.Length).Sum(other => table.Positives(other, k));
        }

        var all = shares.Sum();
        return Judge(axis.By, slices, Array.ConvertAll(shares, share => share / all));
    }

    private static SlicedFigures Judge(EvaluationAxis by, EvaluationSlice[] slices, double[] shares)
    {
        var reference = 0;
        for (var i = 1; i < slices.Length; i++)
        {
            if (slices[i].Objects > slices[reference].Objects) reference = i;
        }

        if (slices[reference].Objects == 0) return new(by, [.. slices], reference, double.NaN) { Shares = [.. shares] };
        var cost = 0.0;
        for (var i = 0; i < slices.Length; i++)
        {
            if (slices[i].Objects > 0) cost += shares[i] * Math.Max(0, slices[reference].AP - slices[i].AP);
        }

        return new(by, [.. slices], reference, cost) { Shares = [.. shares] };
    }
}
