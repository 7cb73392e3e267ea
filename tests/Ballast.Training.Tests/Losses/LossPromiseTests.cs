using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Promises that hold between losses: given gradients that sum to 0, weights for any loss, inputs that are no numbers.</summary>
public class LossPromiseTests
{
    private const int Classes = 3;

    public static TheoryData<string> Ranked => [.. new RankingLoss[] { new AverageLrpLoss(), new RankSortLoss(), new AveragePrecisionLoss() }.Select(RecipeReader.ToJson<ClassificationLoss>)];

    public static TheoryData<string> Others => [.. ClassificationLossTests.Recipes.Select(row => row.Data).Where(recipe => !recipe.Contains("class-balanced"))];

    [Theory]
    [MemberData(nameof(Ranked))]
    public void What_a_ranking_loss_takes_from_background_it_gives_to_objects(string recipe)
    {
        foreach (var seed in (ulong[])[1, 2, 3])
        {
            using var scope = NewDisposeScope();
            var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
            var logits = randn([60, Classes], generator: new Generator(seed), requires_grad: true);
            loss.Compute(logits, Targets(60, seed)).sum().backward();

            // aLRP and Rank & Sort share out each object's error; AP's interpolated precision does too: background above an object gets 1 - the precision that it takes.
            var (sum, size) = (logits.grad!.sum().item<float>(), logits.grad.abs().sum().item<float>());
            Assert.True(size > 0.1, $"{size}");
            Assert.InRange(sum, -1e-5 * size, 1e-5 * size);
        }
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_loss_can_be_weighed_by_effective_numbers(string recipe)
    {
        using var scope = NewDisposeScope();
        var plain = RecipeReader.Parse<ClassificationLoss>(recipe);
        if (plain is CrossEntropyLoss { ClassWeights: not null }) plain = new CrossEntropyLoss { ClassWeights = [1, 2, 3, 0.5f] };
        var balanced = new ClassBalancedLoss { Loss = plain, Beta = 0.99f };
        var facts = ClassificationLossTests.Facts(1000, 100, 10);
        var logits = randn([40, plain.Channels(Classes)], generator: new Generator(5), requires_grad: true);
        var targets = Targets(40, 6);
        var (value, expected) = (balanced.Compute(logits, targets, balanced.State(facts)), plain.Compute(logits, targets, plain.State(facts)));
        var weights = tensor(new[] { 0.230147f, 0.363011f, 2.406842f, 1, 0 }).index_select(0, where(targets.Labels < 0, 4, targets.Labels));
        Assert.True((value - (expected * (expected.dim() > 1 ? weights.unsqueeze(-1) : weights))).abs().max().item<float>() < 1e-4);
        value.sum().backward();
        Assert.True(logits.grad!.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1e-5)]
    public void A_prior_s_bias_starts_sigmoids_at_it_and_keeps_the_first_loss_small(double prior)
    {
        using var scope = NewDisposeScope();
        var logits = full([1000, Classes], PriorProbability.Bias(prior), dtype: ScalarType.Float64);
        Assert.True((new FocalLoss().Probabilities(logits) - prior).abs().max().item<double>() < 1e-12);
        var background = ClassTargets.Of(full([1000], Classes, dtype: ScalarType.Int64), Classes);
        var loss = new FocalLoss().Compute(logits, background).sum().item<double>();
        Assert.True(loss < 3000 * prior * prior * prior, $"{loss}");
        Assert.True(loss < 1e-4 * new FocalLoss().Compute(zeros_like(logits), background).sum().item<double>());
    }

    private static ClassTargets Targets(int count, ulong seed)
    {
        var labels = randint(-1, Classes + 1, [count], generator: new Generator(seed + 100), dtype: ScalarType.Int64);
        return ClassTargets.Of(labels, Classes, 0.1 + (0.8 * rand(count, generator: new Generator(seed + 200))));
    }
}
