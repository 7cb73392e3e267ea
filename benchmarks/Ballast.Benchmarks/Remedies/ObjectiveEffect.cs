using System.Globalization;
using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>What an objective multiplies the gradients of the two losses by, at the start and when it has learned.</summary>
internal static class ObjectiveEffect
{
    private const int Steps = 100;
    private const int StepsPerEpoch = 25;
    private const double Rate = 0.1;

    private static readonly (double Classification, double Box)[] Losses = [(10, 0.5), (1, 1), (0.1, 2)];

    public static string Of(Remedy remedy)
    {
        var options = RecipeReader.Parse<ObjectiveOptions>(remedy.Recipe);
        var table = MeasuredEffects.Table(
            ["classification loss : box loss", "classes times, first step", "boxes times, first step", $"classes times, after {Steps}", $"boxes times, after {Steps}"],
            Losses.Select(pair => Row(options, pair.Classification, pair.Box)));
        return "One stage with losses of three proportions that stay as they are, each with a gradient of its own size in what both share: what each gradient is multiplied by. "
            + $"An epoch has {StepsPerEpoch} steps; what is learned by descent has a rate of {Rate.ToString(CultureInfo.InvariantCulture)}.\n\n{table}";
    }

    private static string[] Row(ObjectiveOptions options, double classification, double box)
    {
        using var scope = NewDisposeScope();
        using var objective = options.Build(stages: 1);
        using var optimizer = objective.parameters().Any() ? optim.SGD(objective.parameters(), Rate) : null;
        var (first, last) = ((Classes: 0.0, Boxes: 0.0), (Classes: 0.0, Boxes: 0.0));
        for (var step = 0; step < Steps; step++)
        {
            last = Step(objective, classification, box);
            if (step == 0) first = last;
            optimizer?.step();
            optimizer?.zero_grad();
            if ((step + 1) % StepsPerEpoch == 0) objective.EndEpoch();
        }

        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{classification} : {box}"), MeasuredEffects.Number(first.Classes), MeasuredEffects.Number(first.Boxes),
            MeasuredEffects.Number(last.Classes), MeasuredEffects.Number(last.Boxes),
        ];
    }

    private static (double Classes, double Boxes) Step(Ballast.Training.Objective objective, double classification, double box)
    {
        using var scope = NewDisposeScope();
        var shared = ones(1, requires_grad: true);
        var (classes, boxes) = (tensor((float)classification, requires_grad: true), tensor((float)box, requires_grad: true));
        objective.Combine([new("head", new(classes * shared, 1), new(boxes * shared, 1))], [shared]).Value.backward();
        return (classes.grad!.item<float>(), boxes.grad!.item<float>());
    }
}
