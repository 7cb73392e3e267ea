using Ballast.Tests.Golden;
using TorchSharp;

namespace Ballast.Training.Tests;

public class RankingGoldenTests
{
    public static TheoryData<string> PrecisionCases => GoldenCase.All("ap_loss");

    public static TheoryData<string> LrpCases => GoldenCase.All("alrp_loss");

    public static TheoryData<string> RankSortCases => GoldenCase.All("rank_sort_loss");

    [Theory]
    [MemberData(nameof(PrecisionCases))]
    public void Average_precision_and_its_given_gradient_are_the_authors(string name)
    {
        using var golden = GoldenCase.Load(name);
        AssertLoss(golden, new AveragePrecisionLoss { Delta = golden.Number("delta", 1) }, [golden.Floats("outputs:loss")[0]]);
    }

    [Theory]
    [MemberData(nameof(RankSortCases))]
    public void Rank_and_sort_and_its_given_gradient_are_the_authors(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (logits, targets, delta) = (golden.Floats("logits"), golden.Floats("targets"), golden.Number("delta_RS", 0.5f));
        var gradient = new float[logits.Length];
        using var ranking = new Ranking(logits, targets, delta);
        var (ranked, sorted) = ranking.RankSort(ranking.Objects.ToArray().Select(i => targets[i]).ToArray(), golden.Number("eps", 0), gradient);
        golden.AssertClose("outputs:ranking_loss", [ranked]);
        golden.AssertClose("outputs:sorting_loss", [sorted]);
        golden.AssertClose("grads:logits", gradient);
        AssertLoss(golden, new RankSortLoss { Delta = delta }, [ranked + sorted]);
    }

    [Theory]
    [MemberData(nameof(LrpCases))]
    public void Average_LRP_its_ranks_and_its_given_gradient_are_the_authors(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (logits, errors) = (golden.Floats("logits"), golden.Floats("regression_losses"));
        var (gradient, ranks) = (new float[logits.Length], new float[errors.Length]);
        using var ranking = new Ranking(logits, golden.Floats("targets"), golden.Number("delta", 1));
        golden.AssertClose("outputs:cls_loss", [ranking.AverageLrp(errors, golden.Number("eps", 1e-5f), gradient, ranks)]);
        golden.AssertClose("outputs:rank", ranks);
        golden.AssertClose("grads:logits", gradient);
        Assert.Equal(golden.Integers("outputs:order"), ranking.Order.ToArray());
    }

    [Fact]
    public void Average_LRP_takes_its_errors_from_the_overlaps()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[] { 2, 1, 0.5f, 1.5f, -1 }, [5, 1], requires_grad: true);
        var targets = ClassTargets.Of(torch.tensor(new long[] { 0, 0, 1, 1, 1 }), 1, torch.tensor(new[] { 0.8f, 0.95f, 0, 0, 0 }));
        var loss = new AverageLrpLoss().Compute(logits, targets).sum();
        loss.backward();
        Assert.Equal(0.266667, loss.item<float>(), 1e-5);
        double[] expected = [-0.1, -0.233333, 0.058333, 0.275, 0];
        for (var i = 0; i < 5; i++) Assert.Equal(expected[i], logits.grad![i, 0].item<float>(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(LrpCases))]
    public void The_box_part_of_average_LRP_weighs_errors_by_the_ranks_below(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var (errors, ranks, order) = (golden.Floats("regression_losses"), golden.Floats("outputs:rank"), golden.Integers("outputs:order"));
        var targets = ClassTargets.OfMatrix(golden.Tensor("targets").unsqueeze(-1));
        var weights = GoldenTensors.Values(new AverageLrpLoss { Delta = golden.Number("delta", 1) }.BoxWeights(golden.Tensor("logits").unsqueeze(-1), targets));
        var (sum, expected) = (0.0, 0.0);
        foreach (var i in order.Reverse())
        {
            sum += errors[i];
            expected += sum / ranks[i] / ranks.Length;
        }

        Assert.Equal(expected, weights.Zip(errors, (weight, error) => (double)weight * error).Sum(), 1e-4 * (1 + expected));
    }

    [Fact]
    public void The_box_part_has_the_value_of_the_authors()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(new[] { 2, 1, 0.5f, 1.5f, -1 }, [5, 1]);
        var targets = ClassTargets.Of(torch.tensor(new long[] { 0, 0, 1, 1, 1 }), 1, torch.tensor(new[] { 0.8f, 0.95f, 0, 0, 0 }));
        var weights = new AverageLrpLoss().BoxWeights(logits, targets);
        Assert.Equal(0.243333, (weights * torch.tensor(new[] { 0.4f, 0.1f })).sum().item<float>(), 1e-5);
    }

    private static void AssertLoss(GoldenCase golden, RankingLoss loss, float[] value)
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(golden.Floats("logits"), [golden.Shape("logits")[0], 1], requires_grad: true);
        var sum = loss.Compute(logits, ClassTargets.OfMatrix(golden.Tensor("targets").unsqueeze(-1))).sum();
        sum.backward();
        Assert.Equal(value[0], sum.item<float>(), 1e-5);
        golden.AssertClose("grads:logits", GoldenTensors.Values(logits.grad!));
    }
}
