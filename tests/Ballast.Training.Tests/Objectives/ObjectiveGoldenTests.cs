using System.Text.Json;
using Ballast.Tests.Golden;
using TorchSharp;

namespace Ballast.Training.Tests;

public class ObjectiveGoldenTests
{
    public static TheoryData<string> GuidedCases => GoldenCase.All("guided_loss");

    public static TheoryData<string> AwareCases => GoldenCase.All("carl_loss");

    [Theory]
    [MemberData(nameof(GuidedCases))]
    public void Guided_loss_scales_the_gradient_of_classification(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (classification, box) = (golden.Tensor("cls_terms", learned: true), golden.Tensor("reg_terms", learned: true));
        using var objective = new GuidedLossOptions().Build(1);
        var total = objective.Combine([new("head", new(classification, classification.shape[0]), new(box, box.shape[0]))]);
        golden.AssertClose("outputs:weight", total.Parts[0].Weight);
        golden.AssertClose("outputs:loss_cls_guided", total.Parts[0].Weight * total.Parts[0].Value);
        golden.AssertClose("outputs:loss_reg", total.Parts[1].Weight * total.Parts[1].Value);
        golden.AssertGradients(total.Value, ("cls_terms", classification), ("reg_terms", box));
    }

    [Theory]
    [MemberData(nameof(AwareCases))]
    public void Classification_aware_regression_teaches_boxes_and_scores(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (logits, deltas, labels) = (golden.Tensor("cls_score", learned: true), golden.Tensor("bbox_pred", learned: true), golden.Labels("labels"));
        var positives = (labels < (long)golden.Number("num_class", 0)).nonzero().flatten();
        var own = labels[positives];
        var scores = golden.Flag("sigmoid", false) ? logits.sigmoid() : torch.nn.functional.softmax(logits, -1);
        var each = deltas.shape[1] > 4 ? deltas.view(deltas.shape[0], -1, 4)[positives, own] : deltas[positives];
        var box = new SmoothL1BoxLoss { Beta = golden.Number("smooth_l1_beta", 1) }.Compute(BoxPairs.OfDeltas(each, golden.Tensor("bbox_targets")[positives]));
        var loss = new ClassificationAwareRegression { Power = golden.Number("k", 0), Bias = golden.Number("bias", 0) }.Compute(scores[positives, own], box);
        var divisor = golden.Parameters.GetProperty("avg_factor") is { ValueKind: JsonValueKind.Number } number ? number.GetSingle() : labels.shape[0];
        var value = (loss.sum() / divisor).unsqueeze(0);
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("cls_score", logits), ("bbox_pred", deltas));
    }
}
