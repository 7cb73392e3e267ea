namespace Ballast;

/// <summary>
/// Scale imbalance of boxes: how large objects are, relative to the image and in pixels after the resize to the detector's input side, and how many are too small
/// to be seen there.
/// </summary>
internal sealed partial class ScaleBox : Diagnostic
{
    /// <summary>[K, 5], replicated: usable objects, those under 8, 16, 32 px after the resize, those longer than 1 : 3.</summary>
    public const string SmallTally = "scale/small";

    /// <summary>[2, 3], replicated: small, medium, large by COCO's 32 and 96 px in the image; then by the same shares of the short side.</summary>
    public const string CocoTally = "scale/coco";

    /// <summary>[3, 50]: width, height, area as fractions of the image's.</summary>
    public const string RelativeTally = "scale/relative";

    /// <summary>[3, bins]: width, height, square root of the area, pixels after the resize.</summary>
    public const string ResizedTally = "scale/resized";

    /// <summary>[K, bins]: square root of the area of each class's objects, pixels after the resize.</summary>
    public const string ClassSizeTally = "scale/class-sizes";

    /// <summary>[bins]: width / height, times 64 so that the bins of lengths hold it.</summary>
    public const string AspectTally = "scale/aspect";

    /// <summary>[K, sides x 3]: objects under 8, 16, 32 px at each of <see cref="Sides"/>.</summary>
    public const string SidesTally = "scale/sides";

    /// <summary>[K, 4]: in tiles, objects under 8, 16, 32 px, and those longer than a tile.</summary>
    public const string TiledTally = "scale/tiled";

    /// <summary>[3]: pixels of all inputs, number of tiles, pixels of all tiles.</summary>
    public const string PixelsTally = "scale/pixels";

    /// <summary>Bins of fractions of the image.</summary>
    public const int RelativeBins = 50;

    /// <summary>What a ratio of sides is multiplied with to fall into the bins of lengths.</summary>
    public const double AspectScale = 64;

    /// <summary>Columns of <see cref="SmallTally"/>.</summary>
    public const int Columns = 5;

    /// <summary>Lengths that objects are counted under: one cell of P3, P4, P5.</summary>
    public static readonly int[] Limits = [8, 16, 32];

    /// <summary>Other input sides (shorter side, the longer in proportion) that sizes are counted at.</summary>
    public static readonly int[] Sides = [240, 320, 480, 640, 800, 1024, 1333, 1600, 2048, 2560];

    // COCO's 32 and 96 px belong to images whose shorter side is 480 px as a rule.
    private const double CocoShortSide = 480;

    // Tiles are never shrunk, so a tile is no longer than the input side; neighbours overlap by a fifth.
    private const int LargestTile = 640;

    public override string Id => "scale-box";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        counts.Declare(UsableObjects.UnsizedTally, false, 2);
        counts.Declare(SmallTally, true, options.Classes, Columns);
        counts.Declare(CocoTally, true, 2, 3);
        counts.Declare(RelativeTally, false, 3, RelativeBins);
        counts.Declare(ResizedTally, false, 3, LengthScale.Bins);
        counts.Declare(ClassSizeTally, false, options.Classes, LengthScale.Bins);
        counts.Declare(AspectTally, false, LengthScale.Bins);
        counts.Declare(SidesTally, false, options.Classes, Sides.Length * Limits.Length);
        counts.Declare(TiledTally, false, options.Classes, Limits.Length + 1);
        counts.Declare(PixelsTally, false, 3);
    }

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new ScaleCounter(into, options);

    /// <summary>Side of the tiles that are looked at for a detector, pixels.</summary>
    internal static int TileSide(InputSize input) => Math.Min(LargestTile, input.Short);

    /// <summary>Tiles along a side of an image.</summary>
    internal static int TilesAlong(int length, int tile)
    {
        var step = tile - (tile / 5);
        return length <= tile ? 1 : (length - tile + step - 1) / step + 1;
    }

    private sealed class ScaleCounter(TallySet into, CountingOptions options) : ImageCounter
    {
        private readonly Tally _unsized = into[UsableObjects.UnsizedTally];
        private readonly Tally _small = into[SmallTally];
        private readonly Tally _coco = into[CocoTally];
        private readonly Tally _relative = into[RelativeTally];
        private readonly Tally _resized = into[ResizedTally];
        private readonly Tally _classSizes = into[ClassSizeTally];
        private readonly Tally _aspect = into[AspectTally];
        private readonly Tally _sides = into[SidesTally];
        private readonly Tally _tiled = into[TiledTally];
        private readonly Tally _pixels = into[PixelsTally];
        private readonly InputSize _input = options.Profile.Input;
        private readonly int _tile = TileSide(options.Profile.Input);

        // Counts of one image, so that each replicated cell is added to once.
        private readonly int[] _imageSmall = new int[options.Classes * Columns];
        private readonly int[] _imageCoco = new int[6];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            if (image.Resized.Width == 0)
            {
                _unsized.Add(0, 1, weights);
                _unsized.Add(1, image.Objects, weights);
                return;
            }

            var tileScale = AddPixels(image, weights);
            for (var i = 0; i < image.Count; i++)
            {
                AddRelative(image, image.Corners[i], weights);
                AddResized(image.ResizedBoxes[i], image.Classes[i], weights);
                AddTiled(image.Corners[i], tileScale, image.Classes[i], weights);
            }

            Flush(image, weights);
        }

        /// <summary>Adds the image's input and tile pixels; returns how much larger an area becomes in a tile.</summary>
        private double AddPixels(ImageObjects image, ReadOnlySpan<long> weights)
        {
            var (width, height) = (Math.Min(_tile, image.Width), Math.Min(_tile, image.Height));
            var tiles = (long)TilesAlong(image.Width, _tile) * TilesAlong(image.Height, _tile);
            var (tileWidth, tileHeight) = _input.Resize(width, height);
            _pixels.Add(0, (long)image.Resized.Width * image.Resized.Height, weights);
            _pixels.Add(1, tiles, weights);
            _pixels.Add(2, tiles * tileWidth * tileHeight, weights);
            return (double)tileWidth * tileHeight / ((double)width * height);
        }

        private void AddRelative(ImageObjects image, Corners box, ReadOnlySpan<long> weights)
        {
            var (width, height) = (box.Width / image.Width, box.Height / image.Height);
            _relative.Add(RelativeBin(width), 1, weights);
            _relative.Add(RelativeBins + RelativeBin(height), 1, weights);
            _relative.Add((2 * RelativeBins) + RelativeBin(width * height), 1, weights);
            _aspect.Add(LengthScale.Bin(box.Width / box.Height * AspectScale), 1, weights);

            var area = box.Width * box.Height;
            var scale = Math.Min(image.Width, image.Height) / CocoShortSide;
            _imageCoco[CocoBin(area)]++;
            _imageCoco[3 + CocoBin(area / (scale * scale))]++;
        }

        private void AddResized(Box box, int @class, ReadOnlySpan<long> weights)
        {
            var (width, height) = ((double)box.Width, (double)box.Height);
            var size = Math.Sqrt(width * height);
            var bin = LengthScale.Bin(size);
            _resized.Add(LengthScale.Bin(width), 1, weights);
            _resized.Add(LengthScale.Bins + LengthScale.Bin(height), 1, weights);
            _resized.Add((2 * LengthScale.Bins) + bin, 1, weights);
            _classSizes.Add((@class * LengthScale.Bins) + bin, 1, weights);

            var small = _imageSmall.AsSpan(@class * Columns, Columns);
            small[0]++;
            for (var i = 0; i < Limits.Length && size < Limits[^(i + 1)]; i++) small[Limits.Length - i]++;
            if (Math.Max(width, height) > 3 * Math.Min(width, height)) small[^1]++;

            // Short and long side grow alike, so lengths at another input side are in proportion.
            for (var side = 0; side < Sides.Length; side++)
            {
                var there = size * Sides[side] / _input.Short;
                for (var i = Limits.Length - 1; i >= 0 && there < Limits[i]; i--) _sides.Add((((@class * Sides.Length) + side) * Limits.Length) + i, 1, weights);
            }
        }

        private void AddTiled(Corners box, double tileScale, int @class, ReadOnlySpan<long> weights)
        {
            var size = Math.Sqrt(box.Width * box.Height * tileScale);
            var row = @class * (Limits.Length + 1);
            for (var i = Limits.Length - 1; i >= 0 && size < Limits[i]; i--) _tiled.Add(row + i, 1, weights);
            if (Math.Max(box.Width, box.Height) > _tile) _tiled.Add(row + Limits.Length, 1, weights);
        }

        private void Flush(ImageObjects image, ReadOnlySpan<long> weights)
        {
            foreach (var @class in image.Present)
            {
                var small = _imageSmall.AsSpan(@class * Columns, Columns);
                for (var i = 0; i < small.Length; i++)
                {
                    if (small[i] > 0) _small.Add((@class * Columns) + i, small[i], weights);
                }

                small.Clear();
            }

            for (var i = 0; i < _imageCoco.Length; i++)
            {
                if (_imageCoco[i] > 0) _coco.Add(i, _imageCoco[i], weights);
            }

            _imageCoco.AsSpan().Clear();
        }

        private static int RelativeBin(double fraction) => Math.Min((int)(fraction * RelativeBins), RelativeBins - 1);

        private static int CocoBin(double area) => area < 32 * 32 ? 0 : area < 96 * 96 ? 1 : 2;
    }
}
