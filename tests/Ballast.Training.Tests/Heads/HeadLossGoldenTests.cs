using System.Text.Json;
using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>The losses of dense heads from raw maps, by mmdetection: values of each level, and gradients to every map.</summary>
public class HeadLossGoldenTests
{
    public static TheoryData<string> RetinaCases => GoldenCase.All("retina_head_loss");

    public static TheoryData<string> AtssCases => GoldenCase.All("atss_head_loss");

    public static TheoryData<string> PisaCases => GoldenCase.All("pisa_retina_head_loss");

    public static TheoryData<string> ProposalCases => GoldenCase.All("rpn_head_loss");

    [Theory]
    [MemberData(nameof(RetinaCases))]
    public void A_RetinaNet_head_learns_as_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (classification, box) = (golden.Parameters.GetProperty("loss_cls"), golden.Parameters.GetProperty("loss_bbox"));
        var options = new DenseLossOptions
        {
            Classification = classification.GetProperty("type").GetString() == "GHMC"
                ? new GradientHarmonizedLoss { Bins = classification.GetProperty("bins").GetInt32(), Momentum = 0 }
                : new FocalLoss(),
            Box = BoxLoss(box),
            Coder = Coder(golden),
            Divisor = LossDivisor.Positives,
        };
        var head = new GoldenHead(golden, Assigner(golden), options);
        var weight = box.TryGetProperty("loss_weight", out var value) ? value.GetSingle() : 1;
        var terms = options.Classification.Scale == LossScale.Elements ? head.LevelByLevel() : head.ByLevel();
        var losses = new[] { stack([.. terms.Select(term => term[0])]), weight * stack([.. terms.Select(term => term[1])]) };
        golden.AssertClose("outputs:loss_cls", losses[0]);
        golden.AssertClose("outputs:loss_bbox", losses[1]);
        head.AssertGradients(losses);
    }

    [Theory]
    [MemberData(nameof(AtssCases))]
    public void An_ATSS_head_learns_as_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var options = new DenseLossOptions
        {
            Box = new GIoUBoxLoss { Epsilon = 1e-6f, Rule = OverlapRule.Clamped },
            Coder = Coder(golden),
            Divisor = LossDivisor.Positives,
            Centerness = true,
        };
        var head = new GoldenHead(golden, new AtssAssigner { NearestPerLevel = (int)golden.Number("topk", 0) }, options);
        var terms = head.ByLevel();
        var losses = new[] { stack([.. terms.Select(term => term[0])]), 2 * stack([.. terms.Select(term => term[1])]), stack([.. terms.Select(term => term[2])]) };
        golden.AssertClose("outputs:loss_cls", losses[0]);
        golden.AssertClose("outputs:loss_bbox", losses[1]);
        golden.AssertClose("outputs:loss_centerness", losses[2]);
        head.AssertGradients(losses);
    }

    [Theory]
    [MemberData(nameof(PisaCases))]
    public void A_PISA_head_learns_as_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (isr, carl) = (golden.Parameters.GetProperty("isr"), golden.Parameters.GetProperty("carl"));
        var options = new DenseLossOptions
        {
            Box = new SmoothL1BoxLoss { Beta = golden.Number("smooth_l1_beta", 0) },
            Coder = Coder(golden),
            Divisor = LossDivisor.Positives,
            Importance = isr.TryGetProperty("k", out var power) ? new() { Power = power.GetSingle(), Bias = isr.GetProperty("bias").GetSingle() } : null,
            ClassificationAware = carl.TryGetProperty("k", out power) ? new() { Power = power.GetSingle(), Bias = carl.GetProperty("bias").GetSingle() } : null,
        };
        var head = new GoldenHead(golden, Assigner(golden), options);
        var stages = head.Terms();
        var losses = new List<Tensor> { stages[0].Classification!.Value().reshape(1), stages[0].Box!.Value().reshape(1) };
        golden.AssertClose("outputs:loss_cls", losses[0]);
        golden.AssertClose("outputs:loss_bbox", losses[1]);
        Assert.Equal(options.Stages, stages.Count);
        Assert.Equal(golden.Has("outputs:loss_carl"), stages.Count > 1);
        if (stages.Count > 1)
        {
            losses.Add(stages[1].Box!.Value().reshape(1));
            golden.AssertClose("outputs:loss_carl", losses[2]);
        }

        head.AssertGradients([.. losses]);
    }

    [Theory]
    [MemberData(nameof(ProposalCases))]
    public void A_region_proposal_head_learns_as_mmdetections(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var options = new RegionProposalOptions { BoxLoss = new L1BoxLoss(), Coder = Coder(golden), BorderPixels = golden.Number("allowed_border", -1) is >= 0 and var border ? border : null };
        var head = new GoldenHead(golden, Assigner(golden), options.Losses, options.BorderPixels);
        var terms = head.ByLevel();
        // mmdetection counts an object in images without any into the divisor.
        var divisor = head.Samples / (head.Samples + head.ImagesWithoutObjects);
        var losses = new[] { divisor * stack([.. terms.Select(term => term[0])]), divisor * stack([.. terms.Select(term => term[1])]) };
        golden.AssertClose("outputs:loss_rpn_cls", losses[0]);
        golden.AssertClose("outputs:loss_rpn_bbox", losses[1]);
        head.AssertGradients(losses);
    }

    internal static BoxLoss BoxLoss(JsonElement options) => options.GetProperty("type").GetString() switch
    {
        "L1Loss" => new L1BoxLoss(),
        "SmoothL1Loss" => new SmoothL1BoxLoss { Beta = options.GetProperty("beta").GetSingle() },
        "BalancedL1Loss" => new BalancedL1BoxLoss
        {
            Alpha = options.GetProperty("alpha").GetSingle(),
            Gamma = options.GetProperty("gamma").GetSingle(),
            Beta = options.GetProperty("beta").GetSingle(),
        },
        "GHMR" => new GradientHarmonizedBoxLoss { Mu = options.GetProperty("mu").GetSingle(), Bins = options.GetProperty("bins").GetInt32(), Momentum = 0 },
        "GIoULoss" => new GIoUBoxLoss { Epsilon = 1e-6f, Rule = OverlapRule.Clamped },
        var type => throw new NotSupportedException(type),
    };

    internal static BoxCoder Coder(GoldenCase golden) => new()
    {
        Deviations = [.. golden.Parameters.GetProperty("coder").GetProperty("target_stds").EnumerateArray().Select(value => value.GetSingle())],
        ClampShrinking = true,
    };

    private static MaxIoUAssigner Assigner(GoldenCase golden)
    {
        var rule = golden.Parameters.GetProperty("assigner");
        return new()
        {
            PositiveIoU = rule.GetProperty("pos_iou_thr").GetSingle(),
            NegativeIoU = rule.GetProperty("neg_iou_thr").GetSingle(),
            MinimumBestIoU = rule.GetProperty("min_pos_iou").GetSingle(),
            LowQuality = LowQualityRule.Overwrite,
            UnionFloor = 1e-6f,
        };
    }
}
