namespace Ballast;

internal sealed partial class IoUDistribution
{
    private const int MostClasses = 12;
    private static readonly string[] SizeNames = ["under 32 px", "32 to 96 px", "over 96 px"];

    public override Finding Conclude(DiagnosisContext context)
    {
        if (!context.Counts.Has(PositiveTally)) return Unknown("anchors were not matched (--no-anchors)");
        var (positives, best) = (context.Counts[PositiveTally], context.Counts[BestTally]);
        if (positives.Total() == 0) return Unknown(context.Images == 0 ? "there is no image" : "no anchor is positive: no usable box on an image of known size");
        var threshold = context.Profile.Assigner.PositiveIoU;
        var mean = Intervals.Of(positives, Mean);
        var usual = context.Profile.UsualPositiveIoU;
        var judgement = Verdicts.PositiveIoUOverUsual.Judge(new(mean.Value / usual, mean.Low / usual, mean.High / usual));
        if (context.Images < Verdicts.FewestImages) judgement = new(Verdict.CannotTell, Verdict.Balanced, Verdict.Severe);
        var recall = Intervals.Of(best, counts => From(counts, threshold));
        return new()
        {
            Id = Id,
            Family = "spatial",
            Subject = "IoU of positives",
            Verdict = judgement.Verdict,
            Headline = $"positive anchors overlap their objects by {mean.Value:0.00} on average{Phrases.Interval(mean)}, {usual:0.00} is usual; {Phrases.Percent(recall.Value)} of objects can reach {threshold:0.0#}{judgement.Doubt(best.Total(), "objects")}",
            Meaning = "Most positives barely pass the threshold, so regression learns from poor starts and few good ones; objects whose best anchor stays below it are learned from leftovers.",
            Deciding = "mean-iou",
            Measures = Measures(positives, mean, recall, usual, threshold),
            Figures = [Positives(context, threshold), BestOverlaps(context, threshold), BySize(context)],
            Tables = [ByClass(context, threshold)],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context, mean.Value),
        };
    }

    private static List<Measure> Measures(Tally positives, Estimate mean, Estimate recall, double usual, float threshold) =>
    [
        mean.As("mean-iou", "Mean IoU of positive anchors with their object, before regression."),
        new("mean-iou-over-usual", mean.Value / usual, null, null, $"The same over what is usual for this detector ({usual:0.00})."),
        recall.As("best-possible-recall", $"Share of objects whose best anchor reaches the threshold of {threshold:0.0#}."),
        Intervals.Of(positives, counts => 1 - From(counts, threshold + 0.1)).As("low-iou-fraction", $"Share of positives within 0.1 of the threshold or under it."),
        Intervals.Of(positives, counts => From(counts, 0.75)).As("high-iou-fraction", "Share of positives of IoU 0.75 and more."),
        Intervals.Of(positives, counts => ImbalanceMeasures.Evenness(counts[FirstBin(threshold)..])).As("iou-evenness", "Shannon evenness of positives over IoU from the threshold to 1; 1 is uniform."),
    ];

    private static HistogramFigure Positives(DiagnosisContext context, float threshold)
    {
        var series = new List<Series> { new(context.Overlays.Count > 0 ? context.All.First().Name : "positive anchors", Shares(context.Counts[PositiveTally])) };
        series.AddRange(context.Overlays.Where(overlay => overlay.Counts.Has(PositiveTally)).Select(overlay => new Series(overlay.Name, Shares(overlay.Counts[PositiveTally]))));
        return new()
        {
            Title = "Most positives barely pass the threshold",
            XLabel = "IoU of a positive anchor with its object",
            YLabel = "share of positive anchors",
            Edges = Edges,
            Series = series,
            Marks = [new(threshold, "positive from"), new(context.Profile.Assigner.NegativeIoU, "background under")],
        };
    }

    private static HistogramFigure BestOverlaps(DiagnosisContext context, float threshold)
    {
        var tally = context.Counts[BestClassTally];
        var shown = Enumerable.Range(0, context.Classes.Count).Where(c => ImbalanceMeasures.Sum(tally.RowOf(c)) > 0)
            .OrderBy(c => From(tally.RowOf(c), threshold)).ThenBy(c => c).Take(MostClasses);
        return new()
        {
            Title = "The best an anchor does for each object",
            XLabel = "largest IoU of an object with any anchor",
            YLabel = "share of the class's objects",
            Edges = Edges,
            Series = [.. shown.Select(c => new Series(context.Classes[c], Normalized(tally.RowOf(c))) { Class = c })],
            Marks = [new(threshold, "positive from")],
        };
    }

    private static HistogramFigure BySize(DiagnosisContext context)
    {
        var tally = context.Counts[SizeTally];
        return new()
        {
            Title = "IoU of positives by size of the object at the input",
            XLabel = "IoU of a positive anchor with its object",
            YLabel = "share of the size's positive anchors",
            Edges = Edges,
            Series = [.. Enumerable.Range(0, Sizes).Where(size => ImbalanceMeasures.Sum(tally.RowOf(size)) > 0).Select(size => new Series(SizeNames[size], Normalized(tally.RowOf(size))))],
        };
    }

    private static Table ByClass(DiagnosisContext context, float threshold)
    {
        var (positives, best, bestSizes, sizes) = (context.Counts[ClassTally], context.Counts[BestClassTally], context.Counts[BestSizeTally], context.Counts[SizeTally]);
        var rows = Enumerable.Range(0, context.Classes.Count).Select(c => (Name: context.Classes[c], Positives: positives.RowOf(c), Best: best.RowOf(c)))
            .Concat(Enumerable.Range(0, Sizes).Select(size => (Name: SizeNames[size], Positives: sizes.RowOf(size), Best: bestSizes.RowOf(size))))
            .Where(row => ImbalanceMeasures.Sum(row.Best) > 0);
        return new("IoU by class and by size", ["class or size", "objects", "mean IoU of positives", "mean best IoU", $"best reaches {threshold:0.0#}"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)
            [
                row.Name,
                ImbalanceMeasures.Sum(row.Best).ToString("N0"),
                Phrases.Number(Mean(row.Positives)),
                Phrases.Number(Mean(row.Best)),
                Phrases.Percent(From(row.Best, threshold)),
            ]),
        ]);
    }

    private static IReadOnlyList<Advice> Remedies(DiagnosisContext context, double mean)
    {
        var data = context.DataArgument;
        return
        [
            .. DenserAnchors(context, mean),
            new()
            {
                Title = "Cascade R-CNN",
                Effect = "three heads at IoU 0.5, 0.6, 0.7, each fed by the boxes of the one before",
                Cost = "about 1.2 times the time of Faster R-CNN",
                Command = context.TrainAs(DetectorProfile.FasterRCNN, "detector.cascade={}"),
                Paper = "Cai and Vasconcelos 2018, arXiv:1712.00726",
            },
            new()
            {
                Title = "IoU-uniform R-CNN",
                Effect = "regression trains on boxes drawn evenly over IoU",
                Cost = "a generator of boxes in training; none at inference",
                Command = $"ballast train {data} --detector iou-uniform-rcnn",
                CommandExists = false,
                Paper = "Zhu et al. 2020, arXiv:1912.05190",
            },
            new()
            {
                Title = "Hierarchical Shot Detector",
                Effect = "boxes are regressed first and classified where they end up",
                Cost = "a second stage on every level",
                Command = $"ballast train {data} --detector hierarchical-shot",
                CommandExists = false,
                Paper = "Cao et al. 2019",
            },
        ];
    }

    /// <summary>Anchors at half steps of size on every level, tried on the data.</summary>
    private static IEnumerable<Advice> DenserAnchors(DiagnosisContext context, double mean)
    {
        if (context.Data is not { } data || !context.Options.Remedies) yield break;
        var trial = context.Trial(data, context.Profile with { Anchors = context.Profile.Anchors.WithSmallerSizes() });
        if (!(trial.PositiveIoU > mean + 0.005)) yield break;
        yield return new()
        {
            Title = "one smaller anchor size on every level",
            Effect = $"mean IoU of positives {mean:0.00} -> {trial.PositiveIoU:0.00}",
            Computed = true,
            Gain = Math.Clamp((trial.PositiveIoU - mean) / Math.Max(0.01, context.Profile.UsualPositiveIoU - mean), 0, 1) * 0.5,
            Cost = "more anchors on every level",
            Command = context.Train("detector.profile.anchors=smaller-sizes"),
        };
    }

    private Finding Unknown(string why) => new()
    {
        Id = Id,
        Family = "spatial",
        Subject = "IoU of positives",
        Verdict = Verdict.CannotTell,
        Headline = why,
        Meaning = "How well positive anchors overlap their objects shows when a detector's anchors are laid over the images.",
    };

    private static IReadOnlyList<double> Edges { get; } = [.. Enumerable.Range(0, Bins + 1).Select(i => i / (double)Bins)];

    private static int FirstBin(double overlap) => Math.Clamp((int)Math.Round(overlap * Bins), 0, Bins - 1);

    /// <summary>Mean IoU of binned counts, by the middles of the bins.</summary>
    private static double Mean(ReadOnlySpan<double> counts)
    {
        var (sum, weighted) = (0.0, 0.0);
        for (var bin = 0; bin < counts.Length; bin++)
        {
            sum += counts[bin];
            weighted += counts[bin] * (bin + 0.5) / Bins;
        }

        return weighted / sum;
    }

    /// <summary>Share of the counts from an IoU on; thresholds lie on bin edges.</summary>
    private static double From(ReadOnlySpan<double> counts, double overlap)
        => ImbalanceMeasures.Sum(counts[FirstBin(overlap)..]) / ImbalanceMeasures.Sum(counts);

    private static double[] Shares(Tally tally) => Normalized(tally.Values());

    private static double[] Normalized(double[] counts)
    {
        var sum = Math.Max(1, ImbalanceMeasures.Sum(counts));
        return Array.ConvertAll(counts, count => count / sum);
    }
}
