#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false

// Objectives: a classification loss a hundred times the box loss, weighed by each. Run with: dotnet run samples/objectives.cs
using Ballast.Training;
using static TorchSharp.torch;

ObjectiveOptions[] every =
[
    new WeightedSumOptions(),
    new GuidedLossOptions(),
    new EqualizedOptions(),
    new UncertaintyWeightingOptions(),
    new GradNormOptions { LearningRate = 0.1f },
    new DynamicWeightAverageOptions { PeriodSteps = 5 },
    new SelfBalancingOptions { PeriodSteps = 5 },
];
foreach (var options in every)
{
    using var objective = options.Build(stages: 1);
    var (classification, box) = (0f, 0f);
    for (var step = 0; step < 20; step++)
    {
        using var scope = NewDisposeScope();

        // What both heads look at; GradNorm measures the gradients that arrive here.
        var feature = ones(8, requires_grad: true);
        var terms = new LossTerms("head", new((100f / (step + 1) * feature).pow(2).mean().sqrt().unsqueeze(0), 1), new(feature.mean().unsqueeze(0), 1));
        var total = objective.Combine([terms], objective.NeedsShared ? [feature] : null);
        Backward.Run(total.Value);
        (classification, box) = (total.Parts[0].Weight.item<float>(), total.Parts[1].Weight.item<float>());
    }

    Console.WriteLine($"{options.GetType().Name,-28} weighs classification by {classification:0.000} and boxes by {box:0.000} after 20 steps");
}
