namespace Ballast;

/// <summary>Scale imbalance of features: how boxes fall on the levels of a feature pyramid, and which levels get too few to learn from.</summary>
internal sealed partial class ScaleLevel : Diagnostic
{
    /// <summary>[bins], replicated: sizes after the resize in the bins of <see cref="LevelRule"/>.</summary>
    public const string SizeTally = "level/sizes";

    /// <summary>[K, bins]: the same for each class.</summary>
    public const string ClassSizeTally = "level/class-sizes";

    public override string Id => "scale-level";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        counts.Declare(SizeTally, true, LengthScale.Bins);
        counts.Declare(ClassSizeTally, false, options.Classes, LengthScale.Bins);
    }

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new LevelCounter(into);

    private sealed class LevelCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _sizes = into[SizeTally];
        private readonly Tally _classSizes = into[ClassSizeTally];
        private readonly int[] _imageSizes = new int[LengthScale.Bins];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            for (var i = 0; i < image.Count; i++)
            {
                ref readonly var box = ref image.ResizedBoxes[i];
                var bin = LevelRule.Bin(Math.Sqrt((double)box.Width * box.Height));
                _imageSizes[bin]++;
                _classSizes.Add((image.Classes[i] * LengthScale.Bins) + bin, 1, weights);
            }

            for (var bin = 0; bin < _imageSizes.Length; bin++)
            {
                if (_imageSizes[bin] == 0) continue;
                _sizes.Add(bin, _imageSizes[bin], weights);
                _imageSizes[bin] = 0;
            }
        }
    }
}
