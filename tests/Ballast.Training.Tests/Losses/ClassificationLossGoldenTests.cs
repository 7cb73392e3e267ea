using Ballast.Tests.Golden;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

public class ClassificationLossGoldenTests
{
    private static readonly string[] Components = ["cross_entropy_loss", "focal_loss", "tv_sigmoid_focal_loss", "quality_focal_loss", "varifocal_loss"];

    public static TheoryData<string> Cases => [.. Components.SelectMany(component => GoldenCase.All(component).Select(row => row.Data))];

    public static TheoryData<string> HarmonizedCases => GoldenCase.All("ghm_c_loss");

    public static TheoryData<string> SeesawCases => GoldenCase.All("seesaw_loss");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_the_references(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var logits = golden.Tensor("logits", learned: true);
        var (loss, targets) = Loss(name.Split('/')[0], golden, (int)logits.shape[1]);
        var elements = loss.Compute(logits, targets);
        if (loss is QualityFocalLoss) elements = elements.sum(-1);
        var value = golden.Reduce(elements);
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("logits", logits));
    }

    [Theory]
    [MemberData(nameof(HarmonizedCases))]
    public void Harmonized_weights_and_their_memory_are_the_references(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var loss = new GradientHarmonizedLoss { Bins = (int)golden.Number("bins", 0), Momentum = golden.Number("momentum", 0) };
        var state = loss.State(Facts(1));
        var (logits, targets, weights) = (golden.Tensor("logits", learned: true), golden.Labels("target"), golden.Tensor("label_weight"));
        var steps = logits.dim() == 3 ? logits.unbind(0) : [logits];
        var values = new List<Tensor>();
        for (var step = 0; step < steps.Length; step++)
        {
            var (t, weight) = logits.dim() == 3 ? (targets[step], weights[step]) : (targets, weights);
            var elements = loss.Compute(steps[step], ClassTargets.OfMatrix(t.to(torch.ScalarType.Float32), weight), state);
            values.Add(elements.sum() / (weight > 0).sum().clamp(min: 1) * golden.Number("loss_weight", 1));
        }

        golden.AssertClose("outputs:loss", logits.dim() == 3 ? torch.stack(values) : values[0]);
        if (golden.Has("outputs:acc_sum")) golden.AssertClose("outputs:acc_sum", ((GradientHistogram)state!).Counts);
        golden.AssertGradients(values[0], ("logits", logits));
    }

    [Theory]
    [MemberData(nameof(SeesawCases))]
    public void Seesaw_counts_weighs_and_scores_as_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var classes = (int)golden.Number("num_classes", 0);
        var loss = new SeesawLoss { Mitigation = golden.Number("p", 0.8f), Compensation = golden.Number("q", 2), Epsilon = golden.Number("eps", 0.01f) };
        var logits = golden.Tensor("logits", learned: true);
        if (golden.Has("outputs:scores"))
        {
            var scores = loss.Probabilities(logits);
            golden.AssertClose("outputs:scores", scores);
            golden.AssertGradients(scores, ("logits", logits));
            return;
        }

        var state = (SeenSamples)loss.State(Facts(classes));
        using (torch.no_grad()) state.Counts.copy_(golden.Tensor("cum_samples"));
        var labels = golden.Labels("labels");
        var terms = loss.Compute(logits, ClassTargets.Of(labels, classes), state);
        var objects = labels < classes;
        var objectness = golden.Reduce(terms[.., 0]);
        var weight = golden.Has("inputs:weight") ? golden.Tensor("weight") : torch.ones(labels.shape);
        var sum = (terms[.., 1] * weight).sum() * golden.Number("loss_weight", 1);
        var classification = golden.Input("avg_factor") is { } divisor ? sum / divisor : sum / objects.sum().clamp(min: 1);
        golden.AssertClose("outputs:loss_cls_objectness", objectness);
        golden.AssertClose("outputs:loss_cls_classes", classification);
        golden.AssertClose("outputs:cum_samples_after", state.Counts);
        golden.AssertGradients(objectness + classification, ("logits", logits));
    }

    private static DatasetFacts Facts(int classes) => ClassificationLossTests.Facts([.. Enumerable.Repeat(1L, classes)]);

    private static (ClassificationLoss Loss, ClassTargets Targets) Loss(string component, GoldenCase golden, int channels)
    {
        Tensor? Scores() => golden.Has("inputs:score") ? golden.Tensor("score") : null;
        ClassTargets Labels(int classes) => ClassTargets.Of(golden.Labels("labels"), classes, Scores());
        var (alpha, gamma) = (golden.Number("alpha", 0), golden.Number("gamma", 0));
        var qualityWeighted = golden.Flag("iou_weighted", true);
        Values<float>? weights = golden.Parameters.TryGetProperty("class_weight", out _) ? [.. golden.Numbers("class_weight")] : null;
        return component switch
        {
            "cross_entropy_loss" when golden.Flag("use_sigmoid", false) => (new CrossEntropyLoss { Sigmoid = true }, Labels(channels)),
            "cross_entropy_loss" => (new CrossEntropyLoss { ClassWeights = weights }, Labels(channels - 1)),
            "focal_loss" => (new FocalLoss { Alpha = alpha, Gamma = gamma }, Labels(channels)),
            "tv_sigmoid_focal_loss" => (new FocalLoss { Alpha = alpha < 0 ? null : alpha, Gamma = gamma }, ClassTargets.OfMatrix(golden.Tensor("targets"))),
            "quality_focal_loss" => (new QualityFocalLoss { Beta = golden.Number("beta", 0) }, Labels(channels)),
            "varifocal_loss" => (new VarifocalLoss { Alpha = alpha, Gamma = gamma, QualityWeighted = qualityWeighted }, ClassTargets.OfMatrix(golden.Tensor("target"))),
            _ => throw new ArgumentOutOfRangeException(nameof(component), component, null),
        };
    }
}
