using Ballast.Tests.Golden;
using TorchSharp;

namespace Ballast.Training.Tests;

public class ImportanceReweightingGoldenTests
{
    private static readonly BoxCoder Coder = new() { Deviations = [0.1f, 0.1f, 0.2f, 0.2f], ClampShrinking = true };

    public static TheoryData<string> Cases => GoldenCase.All("isr_p");

    public static TheoryData<string> DistributionCases => GoldenCase.All("distribution_focal_loss");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_of_positives_are_the_references(string name)
    {
        using var golden = GoldenCase.Load(name);
        var labels = golden.Integers("labels");
        var classes = (int)golden.Number("num_class", 0);
        var positives = Enumerable.Range(0, labels.Length).Where(i => labels[i] < classes).ToArray();
        var weights = golden.Floats("inputs:label_weights");
        var picked = positives.Select(i => weights[i]).ToArray();
        var reweighting = new ImportanceReweighting { Power = golden.Number("k", 0), Bias = golden.Number("bias", 0) };
        var ious = positives.Select(i => Overlap(golden, i, labels[i])).ToArray();
        reweighting.Weigh([.. positives.Select(i => labels[i])], Truths(golden), ious, Losses(golden, positives, classes), picked);
        for (var i = 0; i < positives.Length; i++) weights[positives[i]] = picked[i];
        golden.AssertClose("outputs:label_weights", weights);
    }

    [Theory]
    [MemberData(nameof(DistributionCases))]
    public void Distributions_of_sides_are_learned_as_in_the_reference(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var logits = golden.Tensor("logits", learned: true);
        var value = golden.Reduce(DistributionFocalLoss.Compute(logits, golden.Tensor("target")));
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("logits", logits));
    }

    [Fact]
    public void Weights_before_and_after_the_ratio_are_the_papers()
    {
        float[] weights = [1, 1, 1, 1, 1];
        new ImportanceReweighting().Weigh([0, 0, 0, 0, 1], [0, 0, 1, 1, 2], [0.9f, 0.6f, 0.7f, 0.55f, 0.8f], [1, 1, 1, 1, 1], weights);
        double[] expected = [1.73913, 0.434783, 0.978261, 0.108696, 1.73913];
        for (var i = 0; i < 5; i++) Assert.Equal(expected[i], weights[i], 1e-5);
    }

    [Fact]
    public void No_positives_and_numbers_that_differ_are_told_apart()
    {
        new ImportanceReweighting().Weigh([], [], [], [], []);
        var exception = Assert.Throws<InputException>(() => new ImportanceReweighting().Weigh([0], [], [1], [1], new float[1]));
        Assert.Contains("there are 1 classes, 0 truths", exception.Message);
    }

    /// <summary>The images' numbers of truths, set apart as the reference does.</summary>
    private static int[] Truths(GoldenCase golden)
    {
        var truths = new List<int>();
        for (var image = 0; golden.Has($"pos_assigned_gt_inds_image{image}"); image++)
        {
            var next = truths.Count == 0 ? 0 : truths.Max() + 1;
            truths.AddRange(golden.Integers($"pos_assigned_gt_inds_image{image}").Select(truth => truth + next));
        }

        return [.. truths];
    }

    private static float Overlap(GoldenCase golden, int i, int label)
    {
        var (rois, predicted, targets) = (golden.Floats("rois"), golden.Floats("bbox_pred"), golden.Floats("bbox_targets"));
        var width = golden.Shape("bbox_pred")[1];
        var at = (i * width) + (width > 4 ? 4 * label : 0);
        var roi = new Box(rois[(5 * i) + 1], rois[(5 * i) + 2], rois[(5 * i) + 3], rois[(5 * i) + 4]);
        return Ballast.Overlap.IoU(Decode(roi, predicted, at), Decode(roi, targets, 4 * i), 1e-6f);
    }

    private static Box Decode(Box roi, float[] deltas, int at) => Coder.Decode(roi, new BoxDelta(deltas[at], deltas[at + 1], deltas[at + 2], deltas[at + 3]));

    private static float[] Losses(GoldenCase golden, int[] positives, int classes)
    {
        using var scope = torch.NewDisposeScope();
        var sigmoid = golden.Parameters.GetProperty("head").GetString() == "sigmoid_focal";
        ClassificationLoss loss = sigmoid ? new FocalLoss() : new CrossEntropyLoss();
        var elements = loss.Compute(golden.Tensor("cls_score"), ClassTargets.Of(golden.Labels("labels"), classes));
        var rows = GoldenTensors.Values(sigmoid ? elements.sum(-1) : elements);
        return [.. positives.Select(i => rows[i])];
    }
}
