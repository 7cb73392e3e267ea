using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>The weights of a handful of objects.</summary>
internal static class ReweightingEffect
{
    private static readonly float[] Overlaps = [0.9f, 0.7f, 0.6f, 0.55f, 0.8f];
    private static readonly int[] Truths = [0, 1, 0, 1, 2];
    private static readonly int[] ClassOf = [0, 0, 0, 0, 1];
    private static readonly float[] BoxLosses = [0.2f, 0.2f, 0.2f, 0.2f, 1];
    private static readonly float[] Probabilities = [0.9f, 0.7f, 0.5f, 0.3f, 0.1f];

    public static string Of(Remedy remedy) => remedy.Kind switch
    {
        "isr-p" => Importance(),
        "carl" => Aware(),
        _ => throw new InputException($"Nothing is measured for '{remedy.Kind}'; say in ReweightingEffect what is."),
    };

    private static string Importance()
    {
        var weights = Enumerable.Repeat(1f, Overlaps.Length).ToArray();
        new ImportanceReweighting().Weigh(ClassOf, Truths, Overlaps, weights.ToArray(), weights);
        var rows = Overlaps.Select((overlap, i) => new[] { $"{(ClassOf[i] == 0 ? "a" : "b")}, object {Truths[i] + 1}", MeasuredEffects.Number(overlap), MeasuredEffects.Number(weights[i]) });
        return $"Five candidates of three objects with equal losses; the weights sum to five.\n\n{MeasuredEffects.Table(["class and object", "IoU of the predicted box", "weight"], rows)}";
    }

    private static string Aware()
    {
        using var scope = NewDisposeScope();
        var probabilities = tensor(Probabilities, requires_grad: true);
        var losses = tensor(BoxLosses);
        var weighted = new ClassificationAwareRegression().Compute(probabilities, losses);
        weighted.sum().backward();
        var weights = (weighted / losses).detach().data<float>().ToArray();
        var gradients = probabilities.grad!.data<float>().ToArray();
        var rows = Probabilities.Select((p, i) => new[] { MeasuredEffects.Number(p), MeasuredEffects.Number(BoxLosses[i]), MeasuredEffects.Number(weights[i]), MeasuredEffects.Number(gradients[i]) });
        var table = MeasuredEffects.Table(["probability of its class", "box loss", "weight of the box loss", "gradient by the probability"], rows);
        return $"Five objects, four with good boxes and one with a bad one: a negative gradient raises the score of the good ones, a positive one lowers that of the bad.\n\n{table}";
    }
}
