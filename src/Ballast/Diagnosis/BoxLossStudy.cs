namespace Ballast;

/// <summary>A loss on predictions of this data set's box sizes, against their IoU.</summary>
/// <param name="Curve">The loss.</param>
/// <param name="Mean">Mean loss at each IoU.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="Gradient">Mean length of the gradient.</param>
/// <param name="GradientLow">10 % quantile.</param>
/// <param name="GradientHigh">90 % quantile.</param>
/// <param name="Spread">Between sizes at IoU 0.5: the 90 % quantile over the 10 % quantile of each box's mean loss; 1 when size does not matter.</param>
/// <param name="WorstTenth">Share of the summed loss that the tenth of predictions with the largest loss takes; 0.1 when all count alike.</param>
internal sealed record LossNumbers(
    BoxLossCurve Curve, double[] Mean, double[] Low, double[] High, double[] Gradient, double[] GradientLow, double[] GradientHigh, double Spread, double WorstTenth);

/// <summary>
/// Predictions of known IoU for this data set's box sizes. Sizes are drawn evenly from the joint counts of widths and heights. Each box is moved and resized along
/// fixed directions, the same for every box (so that differences between boxes come from their sizes alone), until its IoU with the truth is what is asked for. Errors are
/// measured as the box coder does, in units of the anchor whose shape fits the box best, concentric with it.
/// </summary>
internal sealed class BoxLossStudy
{
    private const int MostBoxes = 32;
    private const int Directions = 16;
    private const double AtIoU = 0.5;

    private readonly (double Width, double Height)[] _anchors;
    private readonly double[][] _directions;
    private readonly (double Width, double Height)[] _boxes;

    /// <summary>Draws sizes and directions: a pure function of the counts and the seed.</summary>
    /// <param name="sides">[bins, bins]: boxes by width (rows) and height, bins of <see cref="LengthScale"/>.</param>
    /// <param name="anchors">The anchors errors are measured in.</param>
    /// <param name="seed">Seed of the directions.</param>
    public BoxLossStudy(Tally sides, AnchorOptions anchors, int seed)
    {
        _anchors = Shapes(anchors);
        _directions = MakeDirections(seed);
        _boxes = Sample(sides);
    }

    /// <summary>The IoU values looked at: 0.05, 0.1 ... 0.95.</summary>
    public static double[] Overlaps { get; } = [.. Enumerable.Range(1, 19).Select(i => i / 20.0)];

    /// <summary>Measures a loss.</summary>
    public LossNumbers Measure(BoxLossCurve curve)
    {
        var predictions = _boxes.Length * Directions;
        var (values, gradients) = (new double[Overlaps.Length][], new double[Overlaps.Length][]);
        for (var i = 0; i < Overlaps.Length; i++)
        {
            (values[i], gradients[i]) = (new double[predictions], new double[predictions]);
            for (var k = 0; k < predictions; k++)
            {
                var prediction = Predictions[(i * predictions) + k];
                (values[i][k], gradients[i][k]) = (curve.Value(prediction), curve.Gradient(prediction));
            }
        }

        double[] Of(double[][] rows, Func<double[], double> statistic) => [.. rows.Select(statistic)];
        return new(
            curve,
            Of(values, row => row.Average()), Of(values, row => Quantile(row, 0.1)), Of(values, row => Quantile(row, 0.9)),
            Of(gradients, row => row.Average()), Of(gradients, row => Quantile(row, 0.1)), Of(gradients, row => Quantile(row, 0.9)),
            SpreadOf(values[Array.IndexOf(Overlaps, AtIoU)]), WorstTenthOf(values));
    }

    /// <summary>Mean of each loss at IoU 0.5 of a square object of a side, pixels.</summary>
    public double[] AtSide(IReadOnlyList<BoxLossCurve> losses, double side)
    {
        var predictions = _directions.Select(direction => Predict(side, side, direction, AtIoU)).ToArray();
        return [.. losses.Select(loss => predictions.Average(prediction => loss.Value(prediction)))];
    }

    // IoU after IoU; within one, box after box with all its directions.
    private PredictedBox[] Predictions => field ??=
        [.. Overlaps.SelectMany(overlap => _boxes.SelectMany(box => _directions.Select(direction => Predict(box.Width, box.Height, direction, overlap))))];

    private PredictedBox Predict(double width, double height, double[] direction, double overlap)
    {
        var anchor = Nearest(width, height);
        var (near, far) = (0.0, 1.0);
        while (IoUAt(far) > overlap) (near, far) = (far, far * 2);
        for (var step = 0; step < 36; step++)
        {
            var middle = (near + far) / 2;
            if (IoUAt(middle) > overlap) near = middle;
            else far = middle;
        }

        return At((near + far) / 2);

        PredictedBox At(double t) => new(
            width, height, anchor.Width, anchor.Height,
            t * direction[0] * width / anchor.Width, t * direction[1] * height / anchor.Height, t * direction[2], t * direction[3]);

        double IoUAt(double t)
        {
            var box = At(t);
            return BoxLossCurves.IoU(box.Prediction, box.Truth);
        }
    }

    /// <summary>The anchor whose concentric IoU with a box is largest.</summary>
    private (double Width, double Height) Nearest(double width, double height)
    {
        var (best, bestOverlap) = (_anchors[0], -1.0);
        foreach (var anchor in _anchors)
        {
            var intersection = Math.Min(width, anchor.Width) * Math.Min(height, anchor.Height);
            var overlap = intersection / ((width * height) + (anchor.Width * anchor.Height) - intersection);
            if (overlap > bestOverlap) (best, bestOverlap) = (anchor, overlap);
        }

        return best;
    }

    private static double SpreadOf(double[] losses)
    {
        var means = losses.Chunk(Directions).Select(box => box.Average()).ToArray();
        return Quantile(means, 0.9) / Quantile(means, 0.1);
    }

    private static double WorstTenthOf(double[][] values)
    {
        var all = values.SelectMany(row => row).ToArray();
        Array.Sort(all);
        return all.AsSpan(all.Length - (all.Length / 10)).ToArray().Sum() / all.Sum();
    }

    private static double Quantile(double[] values, double share)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    private static (double Width, double Height)[] Shapes(AnchorOptions anchors)
        => [.. anchors.Levels.SelectMany(level => level.Sizes.SelectMany(size => level.Ratios.Select(ratio => (size / Math.Sqrt(ratio), size * Math.Sqrt(ratio)))))];

    /// <summary>Unit vectors of shift (in sides of the truth) and change of size (logarithm), each beside its opposite.</summary>
    private static double[][] MakeDirections(int seed)
    {
        var directions = new double[Directions][];
        for (var i = 0; i < Directions; i += 2)
        {
            var direction = new double[4];
            for (var k = 0; k < direction.Length; k++)
                direction[k] = ((StableHash.Of(seed, $"box loss direction {i} {k}") >> 11) * Math.ScaleB(1, -52)) - 1;
            var length = Math.Sqrt(direction.Sum(x => x * x));
            directions[i] = [.. direction.Select(x => x / length)];
            directions[i + 1] = [.. direction.Select(x => -x / length)];
        }

        return directions;
    }

    /// <summary>Sizes at even steps through the counts, widths first: every box of the set is as likely as every other.</summary>
    private static (double Width, double Height)[] Sample(Tally sides)
    {
        var total = sides.Total();
        var boxes = new (double Width, double Height)[(int)Math.Min(total, MostBoxes)];
        var (cell, below) = (0, 0L);
        for (var i = 0; i < boxes.Length; i++)
        {
            var target = (long)((i + 0.5) / boxes.Length * total);
            while (below + sides[cell] <= target) below += sides[cell++];
            boxes[i] = (LengthScale.Middle(cell / LengthScale.Bins), LengthScale.Middle(cell % LengthScale.Bins));
        }

        return boxes;
    }
}
