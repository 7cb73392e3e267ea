#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false

// Classification losses under imbalance: 1 object among 1,000 background anchors. Run with: dotnet run samples/classification-losses.cs
using Ballast.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
const int Anchors = 1001, Classes = 3;
var facts = new DatasetFacts { Classes = ["car", "bus", "tram"], Objects = [9000, 800, 40], ImagesWith = [4000, 600, 40], Images = 5000 };

// One tram; the rest is background, most of it easy.
var labels = full([Anchors], (long)Classes, dtype: ScalarType.Int64);
labels[0] = 2;
var targets = ClassTargets.Of(labels, Classes, scores: full([Anchors], 0.8f));
ClassificationLoss[] losses =
[
    new CrossEntropyLoss { Sigmoid = true },
    new FocalLoss { Gamma = 2, Alpha = 0.25f },
    new GradientHarmonizedLoss { Momentum = 0 },
    new QualityFocalLoss(),
    new VarifocalLoss(),
    new ClassBalancedLoss { Loss = new FocalLoss(), Beta = 0.999f },
    new SeesawLoss(),
    new EqualizationLoss(),
    new AveragePrecisionLoss(),
    new AverageLrpLoss(),
    new RankSortLoss(),
];
foreach (var loss in losses)
{
    var logits = (randn([Anchors, loss.Channels(Classes)], generator: new Generator(1)) - 3).requires_grad_();
    Backward.Run(loss.Compute(logits, targets, loss.State(facts)).sum());
    var gradient = logits.grad!.abs().sum(-1);
    var share = gradient[0].item<float>() / gradient.sum().item<float>();
    Console.WriteLine($"{loss.GetType().Name,-24} the tram has {share:0.0 %} of the gradient; it is {1.0 / Anchors:0.0 %} of the anchors");
}

Console.WriteLine($"bias for a prior of 0.01: {PriorProbability.Bias(0.01):0.000}");

// What looks at boxes and classes together: the best boxes are classified first (ISR-P), and good boxes are taught to score higher (CARL).
float[] weights = [1, 1, 1];
new ImportanceReweighting().Weigh([0, 0, 0], [0, 0, 1], [0.9f, 0.6f, 0.7f], [1, 1, 1], weights);
var scores = tensor(new[] { 0.9f, 0.5f }, requires_grad: true);
Backward.Run(new ClassificationAwareRegression().Compute(scores, tensor(new[] { 0.1f, 0.8f })).sum());
Console.WriteLine($"weights by IoU: {string.Join(", ", weights.Select(weight => weight.ToString("0.00")))}; the score of the good box {(scores.grad![0].item<float>() < 0 ? "rises" : "falls")}");
