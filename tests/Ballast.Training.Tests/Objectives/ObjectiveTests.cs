using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class ObjectiveTests
{
    private static readonly ObjectiveOptions[] Every =
    [
        new WeightedSumOptions(), new WeightedSumOptions { BoxWeight = 10 }, new GuidedLossOptions(), new UncertaintyWeightingOptions(),
        new EqualizedOptions(), new GradNormOptions { Alpha = 0.12f }, new DynamicWeightAverageOptions(), new SelfBalancingOptions { PeriodSteps = 2 },
    ];

    public static TheoryData<string> Recipes => [.. Every.Select(RecipeReader.ToJson)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_record_is_its_own_recipe_and_combines_stages_of_any_make(string recipe)
    {
        var options = RecipeReader.Parse<ObjectiveOptions>(recipe);
        Assert.Equal(recipe, RecipeReader.ToJson(options));
        using var objective = options.Build(3);
        using var scope = NewDisposeScope();
        var (a, b) = (ones(4, requires_grad: true), ones(4, requires_grad: true));
        var total = objective.Combine([new("both", new(a, 4), new(b, 2)), new("where", new(a, 1), null), new("shape", null, new(b, 1))], [a, b]);
        Assert.Equal(["both", "both", "where", "shape"], total.Parts.Select(part => part.Stage));
        Assert.Equal([false, true, false, true], total.Parts.Select(part => part.IsBox));
        Assert.Empty(total.Value.shape);
        total.Value.backward();
        Assert.All([a, b], input => Assert.True(input.grad!.abs().min().item<float>() > 0));
    }

    [Fact]
    public void A_weighted_sum_is_the_sum_of_weighted_elements_by_their_normalisers()
    {
        using var scope = NewDisposeScope();
        using var objective = new WeightedSumOptions { ClassificationWeight = 2, BoxWeight = 10 }.Build(1);
        var classification = new LossTerm(tensor(new[] { 1f, 2, 3 }), 4, tensor(new[] { 1f, 0, 1 }));
        var box = new LossTerm(ones(2, 4), 2, tensor(new[] { 1f, 0.5f }));
        Assert.Equal((2 * 4 / 4f) + (10 * 6 / 2f), objective.Combine([new("head", classification, box)]).Value.item<float>());
    }

    [Fact]
    public void A_constant_factor_of_classification_changes_nothing_under_guided_loss()
    {
        using var scope = NewDisposeScope();
        using var objective = new GuidedLossOptions { ClassificationScale = 2 }.Build(1);
        var gradients = new List<float>();
        foreach (var factor in (float[])[1, 1000])
        {
            var logits = tensor(new[] { 1f, 2 }, requires_grad: true);
            var total = objective.Combine([new("head", new(factor * logits.pow(2), 2), new(tensor(new[] { 3f }), 1))]);
            Assert.Equal(9, total.Value.item<float>(), 1e-4);
            total.Value.backward();
            gradients.Add(logits.grad![0].item<float>());
        }

        Assert.Equal(gradients[0], gradients[1], 1e-4);
    }

    [Fact]
    public void A_step_without_objects_teaches_classification_only_from_the_least_ratio_on()
    {
        using var scope = NewDisposeScope();
        foreach (var least in (float[])[0, 0.1f])
        {
            using var objective = new GuidedLossOptions { LeastRatio = least }.Build(1);
            var logits = ones(2, requires_grad: true);
            objective.Combine([new("head", new(logits, 2), new(zeros(0, 4, requires_grad: true), 1))]).Value.backward();
            Assert.Equal(least / 2, logits.grad![0].item<float>(), 1e-6);
        }
    }

    [Fact]
    public void Uncertainties_are_learned_and_weigh_as_in_the_paper()
    {
        using var objective = new UncertaintyWeightingOptions().Build(1);
        var parameter = Assert.Single(objective.parameters());
        using var scope = NewDisposeScope();
        using (no_grad()) parameter.copy_(tensor(new[] { -0.2f, 0.5f }, [1, 2]));
        var total = objective.Combine([new("head", new(tensor(new[] { 0.6f }), 1), new(tensor(new[] { 2f }), 1))]);
        Assert.Equal(1.489372, total.Value.item<float>(), 1e-5);
        total.Value.backward();
        Assert.Equal((-0.6 * Math.Exp(0.2)) + 0.5, parameter.grad![0, 0].item<float>(), 1e-5);
        Assert.Equal((-0.5 * 2 * Math.Exp(-0.5)) + 0.5, parameter.grad[0, 1].item<float>(), 1e-5);
    }

    [Fact]
    public void What_cannot_be_combined_is_said()
    {
        using var scope = NewDisposeScope();
        using var objective = new WeightedSumOptions().Build(1);
        Assert.Contains("no stage has a loss", Assert.Throws<InputException>(() => objective.Combine([])).Message);
        Assert.Contains("LossTerm.Normalizer is 0", Assert.Throws<InputException>(() => new LossTerm(zeros(1), 0)).Message);
        Assert.Contains("elements have shape [2, 4] and weights [3]", Assert.Throws<InputException>(() => new LossTerm(zeros(2, 4), 1, zeros(3))).Message);
        Assert.Contains("WeightedSumOptions.BoxWeight is -1", Assert.Throws<InputException>(() => new WeightedSumOptions { BoxWeight = -1 }).Message);
    }

    [Fact]
    public void Classification_aware_weights_are_the_papers()
    {
        using var scope = NewDisposeScope();
        var weights = new ClassificationAwareRegression().Compute(tensor(new[] { 0.9f, 0.5f, 0.1f }), ones(3));
        double[] expected = [1.533333, 1, 0.466667];
        for (var i = 0; i < 3; i++) Assert.Equal(expected[i], weights[i].item<float>(), 1e-5);
    }
}
