using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Tests.Sampling;

/// <summary>Candidates made from a seed, with the losses and predictions of a head that is wrong in a made-up way.</summary>
internal sealed class SampledScene
{
    public SampledScene(int seed, int truths, int positives, int negatives, int ignored)
    {
        var random = new System.Random(seed);
        for (var i = 0; i < truths; i++) Truths.Add(Box(random), i % 3);
        var count = positives + negatives + ignored;
        var kinds = Enumerable.Range(0, count).Select(i => i < positives ? i % truths : i < positives + negatives ? Assignment.Background : Assignment.Ignored).ToArray();
        random.Shuffle(kinds);
        Assignment.Reset(count, Assignment.Background);
        kinds.CopyTo(Assignment.Truths);
        for (var i = 0; i < count; i++)
        {
            Boxes.Add(Box(random));
            Assignment.Overlaps[i] = kinds[i] switch { >= 0 => 0.5f + (0.5f * random.NextSingle()), Assignment.Ignored => 0.45f, _ => 0.4f * random.NextSingle() * random.NextSingle() };
        }

        Losses = [.. Enumerable.Range(0, count).Select(_ => -MathF.Log(1 - random.NextSingle()))];
        Scores = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * random.NextSingle())];
        Candidates.Load(AnchorSet.Of(Boxes), Truths, Assignment, Losses.CopyTo, Predict);
    }

    public Truths Truths { get; } = new();

    public Assignment Assignment { get; } = new();

    public BoxArray Boxes { get; } = new();

    public float[] Losses { get; }

    public float[] Scores { get; }

    public Candidates Candidates { get; } = new();

    /// <summary>Every sampler that a recipe can name, with its defaults; a new one is tested from the day it is listed.</summary>
    public static IEnumerable<Sampler> AllSamplers => typeof(Sampler).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (Sampler)Activator.CreateInstance(kind.DerivedType)!);

    public float[] Weigh(Sampler sampler, int seed = 1)
    {
        var (weights, random) = (new float[Candidates.Count], RandomState.Of(seed, 5));
        sampler.Weigh(Candidates, ref random, weights);
        return weights;
    }

    /// <summary>Number of candidates of a kind that have a weight.</summary>
    public int Taken(float[] weights, bool positive) => Enumerable.Range(0, weights.Length).Count(i => weights[i] > 0 && (positive ? Assignment.Truths[i] >= 0 : Assignment.Truths[i] == Assignment.Background));

    private void Predict(Span<float> scores, BoxArray boxes)
    {
        Scores.CopyTo(scores);
        for (var i = 0; i < Boxes.Count; i++) boxes.Add(Boxes[i]);
    }

    private static Box Box(System.Random random)
    {
        var (x, y) = (400 * random.NextSingle(), 300 * random.NextSingle());
        return new(x, y, x + 20 + (120 * random.NextSingle()), y + 20 + (120 * random.NextSingle()));
    }
}
