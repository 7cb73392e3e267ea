namespace Ballast;

/// <summary>Class imbalance among the foreground classes: boxes and images of each class, and which classes cannot be resampled apart.</summary>
internal sealed partial class ClassForeground : Diagnostic
{
    /// <summary>[K], replicated: objects of each class.</summary>
    public const string BoxTally = "class/boxes";

    /// <summary>[K], replicated: images with at least one object of each class.</summary>
    public const string ImageTally = "class/images";

    /// <summary>[1]: crowds and ignore regions.</summary>
    public const string IgnoredTally = "class/ignored";

    /// <summary>[1]: objects whose class the file does not define.</summary>
    public const string UnknownTally = "class/unknown";

    /// <summary>[K, K]: images with both classes.</summary>
    public const string PairTally = "class/pairs";

    /// <summary>[bins]: images by number of objects; bin 0 is empty images, then powers of two.</summary>
    public const string PerImageTally = "class/objects-per-image";

    /// <summary>Bins of the number of objects in an image: 0, 1, 2-3, 4-7 ... 4096 and more.</summary>
    public const int PerImageBins = 14;

    public override string Id => "class-foreground";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        counts.Declare(BoxTally, true, options.Classes);
        counts.Declare(ImageTally, true, options.Classes);
        counts.Declare(IgnoredTally, false, 1);
        counts.Declare(UnknownTally, false, 1);
        counts.Declare(PairTally, false, options.Classes, options.Classes);
        counts.Declare(PerImageTally, false, PerImageBins);
    }

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new ClassCounter(into);

    /// <summary>The bin of a number of objects in an image.</summary>
    internal static int PerImageBin(int objects) => objects == 0 ? 0 : Math.Min(PerImageBins - 1, 1 + System.Numerics.BitOperations.Log2((uint)objects));

    private sealed class ClassCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _boxes = into[BoxTally];
        private readonly Tally _images = into[ImageTally];
        private readonly Tally _ignored = into[IgnoredTally];
        private readonly Tally _unknown = into[UnknownTally];
        private readonly Tally _pairs = into[PairTally];
        private readonly Tally _perImage = into[PerImageTally];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            var known = 0;
            foreach (var @class in image.Present)
            {
                var count = image.PerClass[@class];
                known += count;
                _boxes.Add(@class, count, weights);
                _images.Add(@class, 1, weights);
                foreach (var other in image.Present) _pairs.Add((@class * _pairs.Shape[1]) + other, 1, weights);
            }

            _ignored.Add(0, image.IgnoredRegions, weights);
            _unknown.Add(0, image.Objects - known, weights);
            _perImage.Add(PerImageBin(image.Objects), 1, weights);
        }
    }
}
