using Ballast.Tests.Golden;
using TorchSharp;

namespace Ballast.Training.Tests;

public class BoxLossGoldenTests
{
    private static readonly string[] Components =
    [
        "l1_loss", "smooth_l1_loss", "balanced_l1_loss", "iou_loss", "giou_loss", "diou_loss", "ciou_loss", "bounded_iou_loss", "extended_iou_loss",
        "efficient_iou_loss", "tv_generalized_box_iou_loss", "tv_distance_box_iou_loss", "tv_complete_box_iou_loss",
    ];

    public static TheoryData<string> Cases => [.. Components.SelectMany(component => GoldenCase.All(component).Select(row => row.Data))];

    public static TheoryData<string> KLCases => GoldenCase.All("kl_loss");

    public static TheoryData<string> HarmonizedCases => GoldenCase.All("ghm_r_loss");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_gradients_are_the_references(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var loss = Loss(name.Split('/')[0], golden);
        var (predicted, target) = (golden.Tensor("pred", learned: true), golden.Tensor("target", learned: true));
        var value = golden.Reduce(loss.Compute(loss.OnCorners ? BoxPairs.OfCorners(predicted, target) : BoxPairs.OfDeltas(predicted, target)));
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("pred", predicted), ("target", target));
    }

    [Theory]
    [MemberData(nameof(KLCases))]
    public void KL_learns_the_box_and_its_variance_as_the_closed_form(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (predicted, target, alpha) = (golden.Tensor("pred", learned: true), golden.Tensor("target"), golden.Tensor("alpha", learned: true));
        var value = new KLBoxLoss().Compute(BoxPairs.OfDeltas(predicted, target, alpha));
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("pred", predicted), ("alpha", alpha));
    }

    [Theory]
    [MemberData(nameof(HarmonizedCases))]
    public void Harmonized_weights_are_the_references(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var loss = new GradientHarmonizedBoxLoss { Mu = golden.Number("mu", 0), Bins = (int)golden.Number("bins", 0) };
        var (predicted, weights) = (golden.Tensor("pred", learned: true), golden.Tensor("label_weight"));
        var elements = loss.Compute(BoxPairs.OfDeltas(predicted, golden.Tensor("target")), weights, loss.State());
        var value = elements.sum() / weights.sum().clamp(min: 1) * golden.Number("loss_weight", 1);
        golden.AssertClose("outputs:loss", value);
        golden.AssertGradients(value, ("pred", predicted));
    }

    private static BoxLoss Loss(string component, GoldenCase golden)
    {
        var (epsilon, beta, gamma) = (golden.Number("eps", 1e-6f), golden.Number("beta", 1), golden.Number("gamma", 0));
        float? focal = golden.Parameters.TryGetProperty("focal_gamma", out var power) ? power.GetSingle() : null;
        return component switch
        {
            "l1_loss" => new L1BoxLoss(),
            "smooth_l1_loss" => new SmoothL1BoxLoss { Beta = beta },
            "balanced_l1_loss" => new BalancedL1BoxLoss { Alpha = golden.Number("alpha", 0), Gamma = gamma, Beta = beta },
            "iou_loss" => new IoUBoxLoss { Form = Enum.Parse<IoULossForm>(golden.Parameters.GetProperty("mode").GetString()!, true), Epsilon = epsilon },
            "giou_loss" => new GIoUBoxLoss { Epsilon = epsilon },
            "diou_loss" => new DIoUBoxLoss { Epsilon = epsilon },
            "tv_generalized_box_iou_loss" => new GIoUBoxLoss { Epsilon = epsilon, Rule = OverlapRule.Masked },
            "tv_distance_box_iou_loss" => new DIoUBoxLoss { Epsilon = epsilon, Rule = OverlapRule.Masked },
            "ciou_loss" => new CIoUBoxLoss { Epsilon = epsilon, Gate = true },
            "tv_complete_box_iou_loss" => new CIoUBoxLoss { Epsilon = epsilon, Rule = OverlapRule.Masked },
            "bounded_iou_loss" => new BoundedIoUBoxLoss { Beta = beta, Epsilon = epsilon },
            "extended_iou_loss" => new ExtendedIoUBoxLoss { SmoothPoint = golden.Number("smooth_point", 0), Epsilon = epsilon },
            "efficient_iou_loss" => new EfficientIoUBoxLoss { FocalGamma = focal, Epsilon = epsilon },
            _ => throw new ArgumentOutOfRangeException(nameof(component), component, null),
        };
    }
}
