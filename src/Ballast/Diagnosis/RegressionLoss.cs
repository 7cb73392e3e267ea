namespace Ballast;

/// <summary>Spatial imbalance of the regression loss: boxes of the same IoU weigh differently, by their size and by the loss (the article's figure 11).</summary>
internal sealed partial class RegressionLoss : Diagnostic
{
    /// <summary>[bins, bins]: boxes by width and height, pixels after the resize.</summary>
    public const string SideTally = "regression/sides";

    public override string Id => "regression-loss";

    public override void Declare(TallySet counts, CountingOptions options) => counts.Declare(SideTally, false, LengthScale.Bins, LengthScale.Bins);

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new SideCounter(into);

    private sealed class SideCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _sides = into[SideTally];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            foreach (ref readonly var box in image.ResizedBoxes) _sides.Add((LengthScale.Bin(box.Width) * LengthScale.Bins) + LengthScale.Bin(box.Height), 1, weights);
        }
    }
}
