using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>What an objective multiplies the gradients of the two losses by.</summary>
internal static class ObjectiveEffect
{
    private static readonly (double Classification, double Box)[] Losses = [(10, 0.5), (1, 1), (0.1, 2)];

    public static string Of(Remedy remedy)
    {
        using var scope = NewDisposeScope();
        var objective = RecipeReader.Parse<ObjectiveOptions>(remedy.Recipe).Build(stages: 1);
        var table = MeasuredEffects.Table(
            ["classification loss : box loss", "gradient of classes times", "gradient of boxes times"],
            Losses.Select(pair => Row(objective, pair.Classification, pair.Box)));
        return $"One stage, with losses of three proportions; what each loss's gradient is multiplied by at the start of training.\n\n{table}";
    }

    private static string[] Row(Ballast.Training.Objective objective, double classification, double box)
    {
        var (first, second) = (tensor(classification, requires_grad: true), tensor(box, requires_grad: true));
        objective.Combine([new("head", new(first.reshape(1), 1), new(second.reshape(1), 1))]).Value.backward();
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return [string.Create(culture, $"{classification} : {box}"), MeasuredEffects.Number(first.grad!.item<double>()), MeasuredEffects.Number(second.grad!.item<double>())];
    }
}
