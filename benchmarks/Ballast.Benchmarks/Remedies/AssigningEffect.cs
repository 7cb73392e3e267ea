namespace Ballast.Benchmarks;

/// <summary>What an assigner gives objects, small and large.</summary>
internal static class AssigningEffect
{
    private const float Small = 48;

    public static string Of(Remedy remedy, MatchedImages images)
    {
        var assigner = RecipeReader.Parse<Assigner>(remedy.Recipe);
        var own = Measure(assigner, images);
        var isMax = remedy.Kind == "max-iou";
        var max = isMax ? own : Measure(new MaxIoUAssigner { PositiveIoU = 0.5f, NegativeIoU = 0.4f }, images);
        string[] Row(string what, Func<Given, string> number) => isMax ? [what, number(own)] : [what, number(max), number(own)];
        var table = MeasuredEffects.Table(
            isMax ? ["", "max-iou (0.5, 0.4)"] : ["", "max-iou (0.5, 0.4)", "this assigner"],
            [
                Row("candidates an image", given => MeasuredEffects.Number(given.Candidates / given.Images)),
                Row("positive for an object (median)", given => Text(given.Median(all: true))),
                Row($"positive for a small one, under {Small} px (median)", given => Text(given.Median(all: false))),
                Row("objects without any", given => MeasuredEffects.Percent(given.Without)),
                Row("mean IoU of positives", given => given.Overlap is > 0 ? MeasuredEffects.Number(given.Overlap) : "not used"),
                Row("left out an image", given => MeasuredEffects.Number(given.LeftOut / given.Images)),
            ]);
        var single = assigner is AtssAssigner or RegionAssigner ? ", with one square anchor a place for this assigner" : "";
        return $"RetinaNet's anchors at input side 480 on the first {images.Count} images of {images.Name}{single}.\n\n{table}";
    }

    private static string Text(double value) => value.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    private static Given Measure(Assigner assigner, MatchedImages images)
    {
        var given = new Given();
        foreach (var scene in images.AssignedBy(assigner)) given.Add(scene);
        return given;
    }

    /// <summary>Sums over images.</summary>
    private sealed class Given
    {
        private readonly List<(int Positives, bool IsSmall)> _objects = [];
        private double _overlaps;
        private long _positives;

        public int Images { get; private set; }

        public double Candidates { get; private set; }

        public double LeftOut { get; private set; }

        public double Overlap => _overlaps / Math.Max(1, _positives);

        public double Without => (double)_objects.Count(entry => entry.Positives == 0) / Math.Max(1, _objects.Count);

        public void Add(AnchorScene scene)
        {
            Images++;
            Candidates += scene.Assignment.Count;
            var perTruth = new int[scene.Truths.Count];
            for (var i = 0; i < scene.Assignment.Count; i++)
            {
                var truth = scene.Assignment.Truths[i];
                if (truth == Assignment.Ignored) LeftOut++;
                if (truth < 0) continue;
                perTruth[truth]++;
                _positives++;
                _overlaps += scene.Assignment.Overlaps[i];
            }

            for (var truth = 0; truth < perTruth.Length; truth++)
            {
                var box = scene.Truths.Boxes[truth];
                _objects.Add((perTruth[truth], (box.X2 - box.X1) * (box.Y2 - box.Y1) < Small * Small));
            }
        }

        public double Median(bool all)
        {
            int[] sorted = [.. _objects.Where(entry => all || entry.IsSmall).Select(entry => entry.Positives).Order()];
            return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
        }
    }
}
