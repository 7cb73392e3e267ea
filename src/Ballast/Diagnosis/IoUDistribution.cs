namespace Ballast;

/// <summary>Spatial imbalance of IoU: how well the positive anchors overlap their objects before any regression (the article's figure 12).</summary>
internal sealed partial class IoUDistribution : Diagnostic
{
    /// <summary>Bins of IoU over [0, 1].</summary>
    public const int Bins = 50;

    /// <summary>[bins], replicated: positive anchors by IoU with their object.</summary>
    public const string PositiveTally = "iou/positives";

    /// <summary>[K, bins]: the same by class.</summary>
    public const string ClassTally = "iou/positives-by-class";

    /// <summary>[3, bins]: the same by COCO size at the input (under 32, 96 px, larger).</summary>
    public const string SizeTally = "iou/positives-by-size";

    /// <summary>[bins], replicated: objects by their best IoU with any anchor.</summary>
    public const string BestTally = "iou/best";

    /// <summary>[K, bins]: the same by class.</summary>
    public const string BestClassTally = "iou/best-by-class";

    /// <summary>[3, bins]: the same by size.</summary>
    public const string BestSizeTally = "iou/best-by-size";

    private const int Sizes = 3;

    public override string Id => "iou-distribution";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        if (!options.Anchors) return;
        counts.Declare(PositiveTally, true, Bins);
        counts.Declare(ClassTally, false, options.Classes, Bins);
        counts.Declare(SizeTally, false, Sizes, Bins);
        counts.Declare(BestTally, true, Bins);
        counts.Declare(BestClassTally, false, options.Classes, Bins);
        counts.Declare(BestSizeTally, false, Sizes, Bins);
    }

    public override ImageCounter? Counter(TallySet into, CountingOptions options) => options.Anchors ? new IoUCounter(into) : null;

    /// <summary>The bin of an IoU; 1 belongs to the last.</summary>
    private static int BinOf(float overlap) => Math.Clamp((int)(overlap * Bins), 0, Bins - 1);

    private static int SizeOf(in Box box) => ((double)box.Width * box.Height) switch
    {
        < 32 * 32 => 0,
        < 96 * 96 => 1,
        _ => 2,
    };

    private sealed class IoUCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _positives = into[PositiveTally];
        private readonly Tally _classes = into[ClassTally];
        private readonly Tally _sizes = into[SizeTally];
        private readonly Tally _best = into[BestTally];
        private readonly Tally _bestClasses = into[BestClassTally];
        private readonly Tally _bestSizes = into[BestSizeTally];
        private readonly long[] _bins = new long[Bins];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            if (image.Matches is not { } matches || image.Count == 0) return;
            var assignment = matches.Assignment;
            for (var i = 0; i < assignment.Anchors.Count; i++)
            {
                var truth = assignment.Truths[i];
                if (truth < 0) continue;
                Add(image, truth, BinOf(assignment.Overlaps[i]), _classes, _sizes, weights);
            }

            Flush(_positives, weights);
            for (var i = 0; i < image.Count; i++) Add(image, i, BinOf(matches.BestOverlaps[i]), _bestClasses, _bestSizes, weights);
            Flush(_best, weights);
        }

        private void Add(ImageObjects image, int truth, int bin, Tally classes, Tally sizes, ReadOnlySpan<long> weights)
        {
            _bins[bin]++;
            classes.Add((image.Classes[truth] * Bins) + bin, 1, weights);
            sizes.Add((SizeOf(image.ResizedBoxes[truth]) * Bins) + bin, 1, weights);
        }

        private void Flush(Tally into, ReadOnlySpan<long> weights)
        {
            for (var bin = 0; bin < Bins; bin++)
            {
                if (_bins[bin] > 0) into.Add(bin, _bins[bin], weights);
            }

            _bins.AsSpan().Clear();
        }
    }
}
