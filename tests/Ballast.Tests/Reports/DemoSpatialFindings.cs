namespace Ballast.Tests.Reports;

/// <summary>The findings about space and objective of <see cref="DemoReport"/>, and the data's own.</summary>
internal static class DemoSpatialFindings
{
    public static Advice PathAggregation { get; } = new()
    {
        Title = "Bottom-up path", Effect = "one more route from P3 to the levels above", Cost = "12 % more time a step", Command = "ballast train data/bccd --set detector.neck.type=path-aggregation", Paper = "Liu et al. 2018, arXiv:1803.01534",
    };

    public static Advice IoUSampling { get; } = new()
    {
        Title = "IoU-balanced sampling", Effect = "share of positives with IoU over 0.7: 21 % -> 40 %", Computed = true, Gain = 0.31, Cost = "fewer positives a step", Command = "ballast train data/bccd --set detector.sampler.type=iou-balanced", Paper = "Pang et al. 2019, arXiv:1904.02701",
    };

    public static Advice Flips { get; } = new()
    {
        Title = "Flips and shifts", Effect = "KL of the centres to uniform: 0.04 -> 0.01", Computed = true, Gain = 0.2, Cost = "none", Command = "ballast rebalance data/bccd --augment flip,shift", CommandExists = true,
    };

    public static Finding IoUDistribution() => new()
    {
        Id = "iou-distribution", Family = "spatial", Subject = "IoU of positives", Verdict = Verdict.Mild,
        Headline = "79 % of positive anchors have an IoU under 0.7",
        Meaning = "A box regressor that only sees loose starts stays loose; high thresholds (AP75 and above) suffer first.",
        Deciding = "under07",
        Measures = [new("under07", 0.79, 0.78, 0.8, "share of positive anchors with an IoU under 0.7; 70 to 85 % is usual for this detector") { Unit = "%", Label = "positives under IoU 0.7" }, new("bestPossibleRecall", 0.937, 0.931, 0.943, "share of objects that some anchor reaches at the assigner's threshold") { Unit = "%" }],
        Figures =
        [
            new HistogramFigure
            {
                Title = "Most positives are barely positive", XLabel = "IoU of a positive anchor with its object", YLabel = "anchors", Edges = [.. Enumerable.Range(0, 21).Select(i => 0.4 + (i * 0.03))],
                Series = [new("positive anchors", [120, 260, 420, 13100, 10800, 8900, 7100, 5300, 3900, 2700, 1800, 1100, 640, 330, 160, 70, 25, 8, 2, 0])],
                Marks = [new(0.4, "background under 0.4"), new(0.5, "positive from 0.5")],
            },
        ],
        Remedies = [IoUSampling],
    };

    public static Finding Location() => new()
    {
        Id = "location", Family = "spatial", Subject = "location", Verdict = Verdict.Balanced,
        Headline = "Centres spread evenly over the image (KL 0.04, bias-corrected)",
        Meaning = "Anchors on a regular grid suit this data set; there is nothing to gain from guided places.",
        Deciding = "kl",
        Measures = [new("kl", 0.0406, 0.034, 0.052, "Kullback-Leibler divergence of the centres to uniform, nats, Miller-Madow corrected") { Label = "KL to uniform" }, new("centreBias", 1.01, 0.99, 1.03, "mean distance to the centre against that of uniform centres; under 1 is centred"), new("edgeShare", 0.19, 0.18, 0.2, "boxes that touch the border") { Unit = "%" }],
        Figures = [Places("all classes", 0.9, 16), Places("RBC", 1, 16), Places("WBC", 0.35, 16), Places("Platelets", 0.6, 16)],
        Remedies = [Flips],
    };

    public static Finding RegressionLoss()
    {
        double[] x = [.. Enumerable.Range(0, 41).Select(i => 0.2 + (i * 0.02))];
        return new()
        {
            Id = "regression-loss", Family = "spatial", Subject = "regression loss", Verdict = Verdict.CannotTell,
            Headline = "At IoU 0.7 a box of this set costs between 0.04 and 0.31 by smooth L1: the loss cannot tell good from fair",
            Meaning = "Coordinate losses punish small and large boxes alike in pixels, IoU losses punish what the metric punishes.",
            Deciding = "band",
            Measures = [new("band", 7.8, null, null, "width of the 10-90 % band of smooth L1 at IoU 0.7, as a factor") { Unit = "x", Label = "spread at IoU 0.7" }],
            Figures =
            [
                new CurveFigure
                {
                    Title = "Only IoU losses fall with IoU for every box", XLabel = "IoU of prediction and object", YLabel = "loss", X = x, Marks = [new(0.5, "positive from 0.5"), new(0.75, "AP75")],
                    Series =
                    [
                        new("L1", [.. x.Select(iou => 2.1 * (1 - iou))]) { Low = [.. x.Select(iou => 1.2 * (1 - iou))], High = [.. x.Select(iou => 3.2 * (1 - iou))] },
                        new("L2", [.. x.Select(iou => 1.9 * Math.Pow(1 - iou, 2))]), new("smooth L1", [.. x.Select(iou => 1.55 * Math.Pow(1 - iou, 1.4))]), new("IoU", [.. x.Select(iou => -Math.Log(iou))]), new("GIoU", [.. x.Select(iou => 1.08 * (1 - iou))]),
                    ],
                },
            ],
        };
    }

    public static Finding Objective() => new()
    {
        Id = "objective", Family = "objective", Subject = "classes against boxes", Verdict = Verdict.CannotTell,
        Headline = "Cannot tell: this needs a training run", Meaning = "Which task dominates shows in the loss shares and gradient norms of a training run, which 'ballast train' records.",
        Figures = [new CurveFigure { Title = "Loss shares in an earlier run", XLabel = "step", YLabel = "loss", LogY = true, LogX = true, X = [], Series = [new("classification", [1.1, 0.8, 0.5, 0.31, 0.2, 0.14]) { X = [1, 10, 50, 200, 1000, 4000] }, new("boxes", [0.7, 0.66, 0.6, 0.5, 0.41, 0.33]) { X = [1, 10, 50, 200, 1000, 4000] }] }],
        Remedies = [new() { Title = "Record a run", Effect = "shows the shares of both losses over training", Cost = "a training run of one epoch", Command = "ballast train data/bccd --epochs 1" }],
    };

    public static Finding Data() => new()
    {
        Id = "data", Family = "data", Subject = "differences between parts", Verdict = Verdict.Balanced,
        Headline = "The three parts agree in classes and sizes; no image stands in two of them", Meaning = "Numbers measured on val and test speak of the same data as train.",
        Tables = [new("Differences between parts", ["measure", "train", "val", "test", "largest difference"], [["boxes an image", "13.5", "13.3", "13.3", "1.7 %"], ["Platelets' share", "7.4 %", "7.6 %", "7.1 %", "0.5 points"], ["median size, px", "52.2", "52.6", "52.3", "0.8 %"]])],
    };

    private static HeatFigure Places(string name, double evenness, int side) => new()
    {
        Title = name, XLabel = "across", YLabel = "down", Columns = [], Rows = [], Aspect = 640.0 / 480, Multiples = "Where the centres lie, share of the largest cell",
        Values = [.. Enumerable.Range(0, side).Select(y => (IReadOnlyList<double>)[.. Enumerable.Range(0, side).Select(x => Density(x, y, side, evenness))])],
    };

    /// <summary>A hill in the middle on an even ground, with the roughness of counts.</summary>
    private static double Density(int x, int y, int side, double evenness)
    {
        var (dx, dy) = ((x + 0.5 - (side / 2.0)) / side, (y + 0.5 - (side / 2.0)) / side);
        var hill = Math.Exp(-8 * ((dx * dx) + (dy * dy)));
        var rough = StableHash.Mix((ulong)((x * 131) + y)) % 1000 / 1000.0;
        return Math.Round(100 * ((evenness * 0.6) + ((1 - evenness) * hill)) * (0.6 + (0.8 * rough)));
    }
}
