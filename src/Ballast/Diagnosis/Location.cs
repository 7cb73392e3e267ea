namespace Ballast;

/// <summary>Spatial imbalance of places: where in the image the centres of objects lie, in all and for each class.</summary>
internal sealed partial class Location : Diagnostic
{
    /// <summary>[32, 32]: centres of all objects in normalised coordinates, row (y) first.</summary>
    public const string CenterTally = "location/centres";

    /// <summary>[8, 8], replicated: the same on a coarse grid, for intervals.</summary>
    public const string CoarseTally = "location/coarse";

    /// <summary>[K, 16, 16]: centres of each class.</summary>
    public const string ClassTally = "location/class-centres";

    /// <summary>[4], replicated: objects, sum of distances to the image's centre, centres in the outer tenth, boxes at the edge.</summary>
    public const string SumTally = "location/sums";

    /// <summary>[K, 4]: the same for each class.</summary>
    public const string ClassSumTally = "location/class-sums";

    /// <summary>[bins]: width / height of the images, times 64.</summary>
    public const string AspectTally = "location/image-aspects";

    /// <summary>Cells along a side of <see cref="CenterTally"/>.</summary>
    public const int FineSide = 32;

    /// <summary>Cells along a side of <see cref="ClassTally"/>.</summary>
    public const int ClassSide = 16;

    /// <summary>Cells along a side of <see cref="CoarseTally"/>.</summary>
    public const int CoarseSide = 8;

    /// <summary>Columns of <see cref="SumTally"/>.</summary>
    public const int Sums = 4;

    /// <summary>Distances are summed as whole numbers of 2^-20 image sides, so that sums do not depend on their order.</summary>
    public const double DistanceUnit = 1 << 20;

    /// <summary>Mean distance to the centre of a unit square under a uniform distribution: (sqrt(2) + asinh(1)) / 6.</summary>
    public const double UniformDistance = 0.3825978;

    /// <summary>Width of the band at the edge, as a fraction of the side.</summary>
    public const double EdgeBand = 0.1;

    /// <summary>Share of a uniform distribution that lies in the band: 1 - 0.8^2.</summary>
    public const double UniformEdge = 1 - ((1 - (2 * EdgeBand)) * (1 - (2 * EdgeBand)));

    public override string Id => "location";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        counts.Declare(CenterTally, false, FineSide, FineSide);
        counts.Declare(CoarseTally, true, CoarseSide, CoarseSide);
        counts.Declare(ClassTally, false, options.Classes, ClassSide, ClassSide);
        counts.Declare(SumTally, true, Sums);
        counts.Declare(ClassSumTally, false, options.Classes, Sums);
        counts.Declare(AspectTally, false, LengthScale.Bins);
    }

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new LocationCounter(into);

    private sealed class LocationCounter(TallySet into) : ImageCounter
    {
        private readonly Tally _centers = into[CenterTally];
        private readonly Tally _coarse = into[CoarseTally];
        private readonly Tally _classes = into[ClassTally];
        private readonly Tally _sums = into[SumTally];
        private readonly Tally _classSums = into[ClassSumTally];
        private readonly Tally _aspects = into[AspectTally];
        private readonly int[] _imageCoarse = new int[CoarseSide * CoarseSide];
        private readonly long[] _imageSums = new long[Sums];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            if (image.Resized.Width == 0) return;
            _aspects.Add(LengthScale.Bin((double)image.Width / image.Height * ScaleBox.AspectScale), 1, weights);
            for (var i = 0; i < image.Count; i++) AddObject(image, image.Corners[i], image.Classes[i], weights);
            Flush(weights);
        }

        private void AddObject(ImageObjects image, Corners box, int @class, ReadOnlySpan<long> weights)
        {
            var (x, y) = ((box.X1 + box.X2) / 2 / image.Width, (box.Y1 + box.Y2) / 2 / image.Height);
            _centers.Add(Cell(x, y, FineSide), 1, weights);
            _classes.Add((@class * ClassSide * ClassSide) + Cell(x, y, ClassSide), 1, weights);
            _imageCoarse[Cell(x, y, CoarseSide)]++;

            var distance = (long)(Math.Sqrt(((x - 0.5) * (x - 0.5)) + ((y - 0.5) * (y - 0.5))) * DistanceUnit);
            var inBand = Math.Min(Math.Min(x, 1 - x), Math.Min(y, 1 - y)) < EdgeBand ? 1 : 0;
            // One pixel of slack: 1-based annotations begin at 1.
            var atEdge = box.X1 <= 1 || box.Y1 <= 1 || box.X2 >= image.Width - 1 || box.Y2 >= image.Height - 1 ? 1 : 0;
            ReadOnlySpan<long> sums = [1, distance, inBand, atEdge];
            for (var i = 0; i < Sums; i++)
            {
                _imageSums[i] += sums[i];
                if (sums[i] != 0) _classSums.Add((@class * Sums) + i, sums[i], weights);
            }
        }

        private void Flush(ReadOnlySpan<long> weights)
        {
            for (var cell = 0; cell < _imageCoarse.Length; cell++)
            {
                if (_imageCoarse[cell] == 0) continue;
                _coarse.Add(cell, _imageCoarse[cell], weights);
                _imageCoarse[cell] = 0;
            }

            for (var i = 0; i < Sums; i++)
            {
                if (_imageSums[i] > 0) _sums.Add(i, _imageSums[i], weights);
                _imageSums[i] = 0;
            }
        }

        private static int Cell(double x, double y, int side) => (Math.Min((int)(y * side), side - 1) * side) + Math.Min((int)(x * side), side - 1);
    }
}
