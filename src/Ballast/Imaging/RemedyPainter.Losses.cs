namespace Ballast;

/// <summary>Where the gradient of a classification loss comes from.</summary>
public sealed partial class RemedyPainter
{
    private const float LeastProbability = 0.01f;
    private const float MostProbability = 0.95f;
    private const int MostHeat = 235;
    private const int DimUnderHeat = 120;
    private static readonly Rgb Heat = new(0xFF, 0x6A, 0x00);

    private List<PicturePanel> LossPanels(PaintedScene scene)
    {
        scene.Scene.Assign();
        var panels = new List<PicturePanel> { LossPanel(scene, "cross entropy", CrossEntropy) };
        if (_remedy.Kind != "cross-entropy") panels.Add(LossPanel(scene, _remedy.Kind, _gradients!));
        return panels;
    }

    /// <summary>|p - t|: the gradient of cross entropy by the logit.</summary>
    private static void CrossEntropy(ReadOnlySpan<bool> isObject, ReadOnlySpan<float> probabilities, Span<float> weights)
    {
        for (var i = 0; i < weights.Length; i++) weights[i] = isObject[i] ? 1 - probabilities[i] : probabilities[i];
    }

    private static PicturePanel LossPanel(PaintedScene painted, string title, CandidateGradients gradients)
    {
        var scene = painted.Scene;
        int[] counted = [.. Enumerable.Range(0, scene.Assignment.Count).Where(i => scene.Assignment.Truths[i] != Assignment.Ignored)];
        bool[] isObject = [.. counted.Select(i => scene.Assignment.Truths[i] >= 0)];
        float[] probabilities = [.. counted.Select(i => Math.Clamp(scene.Assignment.Overlaps[i] * scene.Assignment.Overlaps[i], LeastProbability, MostProbability))];
        var weights = new float[counted.Length];
        gradients(isObject, probabilities, weights);
        var (background, nothing, all) = (0.0, 0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            all += weights[i];
            if (isObject[i]) continue;
            background += weights[i];
            if (scene.Assignment.Overlaps[counted[i]] == 0) nothing += weights[i];
        }

        var anchors = scene.Anchors;
        return new($"{title}: where its gradient comes from", picture =>
        {
            Drawing.Fill(picture, new(0, 0, picture.Width, picture.Height), PaintStyle.Dark, DimUnderHeat);
            PaintHeat(painted, picture, anchors, counted, weights);
            painted.PaintObjects(picture);
        },
        [
            new(Heat, "the brighter, the more gradient (square root of the sum over anchors there; brightest = most in this picture)"),
            new(null, $"{Share((long)(1e6 * background), (long)(1e6 * all))} of it from background, {Share((long)(1e6 * nothing), (long)(1e6 * all))} from anchors that overlap nothing"),
            new(null, $"no network: each anchor's probability of an object stands in by the square of its IoU with the nearest object, at least {LeastProbability}"),
        ]);
    }

    /// <summary>Gradients summed over the cells of the finest level and laid over the picture.</summary>
    private static void PaintHeat(PaintedScene painted, Pixels picture, AnchorSet anchors, int[] counted, float[] weights)
    {
        var stride = anchors.Grid!.Levels[0].StrideX;
        var (columns, rows) = ((int)(painted.Scene.Resized.Width / stride) + 1, (int)(painted.Scene.Resized.Height / stride) + 1);
        var cells = new double[rows * columns];
        for (var i = 0; i < counted.Length; i++) Spread(anchors.Boxes[counted[i]], anchors.Grid.Levels[anchors.Grid.LevelOf(counted[i])], weights[i]);
        var most = cells.Max();
        if (most <= 0) return;
        for (var cell = 0; cell < cells.Length; cell++)
        {
            var (x, y) = (cell % columns * stride, cell / columns * stride);
            var opacity = (int)(MostHeat * Math.Sqrt(cells[cell] / most));
            if (opacity > 0 && painted.Place(new(x, y, x + stride, y + stride)) is { } place) Drawing.Fill(picture, place, Heat, opacity);
        }

        // An anchor of a coarse level stands for all finest cells around its centre, in equal parts: else coarse levels would be drawn as a few bright points.
        void Spread(in Box box, AnchorLevel level, float weight)
        {
            var (width, height) = (Math.Max(1, (int)(level.StrideX / stride)), Math.Max(1, (int)(level.StrideY / stride)));
            var left = (int)Math.Floor((((box.X1 + box.X2) / 2) - (level.StrideX / 2)) / stride + 0.5);
            var top = (int)Math.Floor((((box.Y1 + box.Y2) / 2) - (level.StrideY / 2)) / stride + 0.5);
            for (var y = Math.Max(0, top); y < Math.Min(rows, top + height); y++)
            {
                for (var x = Math.Max(0, left); x < Math.Min(columns, left + width); x++) cells[(y * columns) + x] += weight / (double)(width * height);
            }
        }
    }
}
