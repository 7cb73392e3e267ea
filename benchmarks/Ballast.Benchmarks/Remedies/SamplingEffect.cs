namespace Ballast.Benchmarks;

/// <summary>What a sampler picks from the same candidates as a random one.</summary>
internal static class SamplingEffect
{
    private const float Overlapping = 0.1f;

    public static string Of(Remedy remedy, MatchedImages images)
    {
        var sampler = RecipeReader.Parse<Sampler>(remedy.Recipe);
        var own = Measure(sampler, images);
        var random = Measure(new RandomSampler { Count = 256, PositiveFraction = 0.5 }, images);
        var isRandom = remedy.Kind == "random";
        string[] Row(string what, Func<Picked, string> number) => isRandom ? [what, number(own)] : [what, number(random), number(own)];
        var table = MeasuredEffects.Table(
            isRandom ? ["an image", "random"] : ["an image", "random (256, half of them objects at most)", "this sampler"],
            [
                Row("anchors on objects taken", picked => MeasuredEffects.Number(picked.Objects / picked.Images)),
                Row("most of them on one object", picked => MeasuredEffects.Percent(picked.Most / picked.Images)),
                Row("background taken", picked => MeasuredEffects.Number(picked.Background / picked.Images)),
                Row("its mean IoU with the nearest object", picked => MeasuredEffects.Number(picked.Overlap / Math.Max(1, picked.Background))),
                Row($"share of it with IoU over {Overlapping}", picked => MeasuredEffects.Percent(picked.Near / Math.Max(1, picked.Background))),
            ]);
        return $"RetinaNet's anchors at input side 480 on the first {images.Count} images of {images.Name}. Without a network a background anchor's loss and score stand in by its IoU with "
            + $"the nearest object, an object's by 1 - IoU.\n\n{table}";
    }

    private static Picked Measure(Sampler sampler, MatchedImages images)
    {
        var picked = new Picked();
        foreach (var scene in images.Assigned) picked.Add(scene, scene.Weigh(sampler));
        return picked;
    }

    /// <summary>Sums over images.</summary>
    private sealed class Picked
    {
        public int Images { get; private set; }

        public double Objects { get; private set; }

        public double Most { get; private set; }

        public double Background { get; private set; }

        public double Overlap { get; private set; }

        public double Near { get; private set; }

        public void Add(AnchorScene scene, float[] weights)
        {
            Images++;
            var perTruth = new int[scene.Truths.Count];
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i] == 0) continue;
                if (scene.Assignment.Truths[i] is >= 0 and var truth) perTruth[truth]++;
                else AddBackground(scene.Assignment.Overlaps[i]);
            }

            Objects += perTruth.Sum();
            if (perTruth.Sum() > 0) Most += (double)perTruth.Max() / perTruth.Sum();
        }

        private void AddBackground(float overlap)
        {
            Background++;
            Overlap += overlap;
            if (overlap > Overlapping) Near++;
        }
    }
}
