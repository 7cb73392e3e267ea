namespace Ballast;

/// <summary>What lies outside the article: parts that differ, images that stand in two parts, classes a part lacks, flaws, and drift from an earlier summary.</summary>
internal sealed partial class DataFinding : Diagnostic
{
    /// <summary>[bins], replicated: images by number of objects, in the bins of <see cref="ClassForeground.PerImageTally"/>.</summary>
    public const string PerImageTally = "data/objects-per-image";

    public override string Id => "data";

    public override void Declare(TallySet counts, CountingOptions options) => counts.Declare(PerImageTally, true, ClassForeground.PerImageBins);

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new PerImageCounter(into);

    private sealed class PerImageCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _perImage = into[PerImageTally];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights) => _perImage.Add(ClassForeground.PerImageBin(image.Objects), 1, weights);
    }
}
