using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Objectives that learn how to weigh: GradNorm, dynamic weight average, self-balancing, and equal losses.</summary>
public class LearnedWeightTests
{
    [Fact]
    public void GradNorm_s_first_steps_are_those_of_its_equations_in_plain_numbers()
    {
        using var objective = new GradNormOptions { Alpha = 0.5f, LearningRate = 0.1f }.Build(1);
        var (w, mean, square) = (new double[] { 1, 1 }, new double[2], new double[2]);
        double[] first = [3, 4];
        for (var step = 1; step <= 4; step++)
        {
            using var scope = NewDisposeScope();
            double[] losses = [3.0 / step, 4 - (0.1 * (step - 1))];
            double[] lengths = [5 * step, 1];
            var feature = tensor(new[] { 1f, 0 }, requires_grad: true);
            var total = objective.Combine(
                [new("head", Term(feature, losses[0], [3f * step, 4f * step]), Term(feature, losses[1], [0, 1]))], [feature]);
            for (var i = 0; i < 2; i++) Assert.Equal(w[i], total.Parts[i].Weight.item<float>(), 1e-5);
            Assert.Equal((w[0] * losses[0]) + (w[1] * losses[1]), total.Value.item<float>(), 1e-4);
            total.Value.backward();
            Assert.Equal(w[0] * 3 * step, feature.grad![0].item<float>(), 1e-4);
            Advance(w, mean, square, losses, first, lengths, step);
        }

        Assert.True(w[0] < 0.8 && Math.Abs(w.Sum() - 2) < 1e-9, "The loss with the longer gradient weighs less.");
    }

    [Fact]
    public void GradNorm_says_that_it_needs_what_is_shared_and_leaves_weights_alone_outside_of_training()
    {
        using var scope = NewDisposeScope();
        using var objective = new GradNormOptions().Build(1);
        var feature = ones(2, requires_grad: true);
        LossTerms[] stages = [new("head", Term(feature, 1, [1, 1]), Term(feature, 2, [9, 1]))];
        Assert.True(objective.NeedsShared);
        Assert.Contains("give Combine the neck's maps", Assert.Throws<InvalidOperationException>(() => objective.Combine(stages)).Message);
        objective.eval();
        objective.Combine(stages);
        Assert.Equal(0, objective.get_buffer("steps")!.item<float>());
        objective.train();
        Assert.Contains("built for 1 stages and is given the losses of 2", Assert.Throws<InputException>(() => objective.Combine([.. stages, .. stages], [feature])).Message);
    }

    [Fact]
    public void GradNorm_leaves_no_gradient_behind_and_takes_losses_that_do_not_reach_the_shared_feature()
    {
        using var scope = NewDisposeScope();
        using var objective = new GradNormOptions().Build(2);
        var (feature, other) = (ones(2, requires_grad: true), ones(1, requires_grad: true));
        var total = objective.Combine([new("a", Term(feature, 1, [1, 1]), new(other, 1)), new("b", null, Term(feature, 2, [1, 1]))], [feature]);
        Assert.Null(feature.grad);
        Assert.True(objective.get_buffer("weights")!.isfinite().all().item<bool>());
        total.Value.backward();
        Assert.NotNull(other.grad);
    }

    [Fact]
    public void Dynamic_weights_favour_the_loss_that_falls_slowly_from_the_third_epoch_on()
    {
        using var objective = new DynamicWeightAverageOptions { Temperature = 2 }.Build(1);
        double[][] epochs = [[4, 4], [2, 3.6], [1, 1]];
        double[] expected = [1, 1];
        foreach (var losses in epochs)
        {
            using var scope = NewDisposeScope();
            foreach (var factor in (double[])[0.5, 1.5])
            {
                var total = Combine(objective, losses[0] * factor, losses[1] * factor);
                for (var i = 0; i < 2; i++) Assert.Equal(expected[i], total.Parts[i].Weight.item<float>(), 1e-5);
            }

            objective.EndEpoch();
            if (losses != epochs[1]) continue;
            var shares = new[] { Math.Exp(0.5 / 2), Math.Exp(0.9 / 2) };
            expected = [2 * shares[0] / shares.Sum(), 2 * shares[1] / shares.Sum()];
        }
    }

    [Fact]
    public void Self_balancing_starts_at_fifty_and_then_goes_by_the_last_period()
    {
        using var objective = new SelfBalancingOptions { PeriodSteps = 2 }.Build(1);
        using var scope = NewDisposeScope();
        double[] expected = [50, 50, (2 + 0.5) / 0.5, (2 + 0.5) / 0.5, (1 + 2) / 2.0];
        (double Classification, double Box)[] losses = [(1, 0.2), (3, 0.8), (1, 1), (1, 3), (1, 1)];
        for (var step = 0; step < expected.Length; step++)
        {
            var total = Combine(objective, losses[step].Classification, losses[step].Box);
            Assert.Equal(1, total.Parts[0].Weight.item<float>());
            Assert.Equal(expected[step], total.Parts[1].Weight.item<float>(), 1e-4);
            objective.EndEpoch();
        }
    }

    [Fact]
    public void Learned_weights_come_back_from_a_checkpoint()
    {
        using var scope = NewDisposeScope();
        var options = new SelfBalancingOptions { PeriodSteps = 3 };
        using var whole = options.Build(1);
        using var resumed = options.Build(1);
        for (var step = 0; step < 2; step++) Combine(whole, 1, 0.5);
        var saved = whole.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        resumed.load_state_dict(saved);
        Combine(whole, 2, 2);
        Combine(resumed, 2, 2);
        Assert.Equal(Combine(whole, 1, 1).Parts[1].Weight.item<float>(), Combine(resumed, 1, 1).Parts[1].Weight.item<float>());
        Assert.NotEqual(50, Combine(resumed, 1, 1).Parts[1].Weight.item<float>());
    }

    [Fact]
    public void Equal_losses_have_one_value_and_the_box_loss_s_scale_does_not_matter()
    {
        using var scope = NewDisposeScope();
        using var objective = new EqualizedOptions().Build(1);
        var gradients = new List<float>();
        foreach (var scale in (float[])[1, 100])
        {
            var box = tensor(new[] { 1f, 2 }, requires_grad: true);
            var total = objective.Combine([new("head", new(tensor(new[] { 3f }), 1), new(scale * box.pow(2), 2))]);
            Assert.Equal(6, total.Value.item<float>(), 1e-4);
            total.Value.backward();
            gradients.Add(box.grad![1].item<float>());
        }

        Assert.Equal(gradients[0], gradients[1], 1e-4);
        var empty = zeros([0, 4], requires_grad: true);
        Assert.Equal(3, objective.Combine([new("head", new(tensor(new[] { 3f }), 1), new(empty, 1))]).Value.item<float>());
    }

    [Fact]
    public void Box_losses_weigh_by_the_largest_class_probability_over_the_sum()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new[] { 0f, 3, -1, -2, 5, 1 }, [2, 3], requires_grad: true);
        var weights = ScoreWeights.Of(new RankSortLoss(), logits, 3);
        Assert.False(weights.requires_grad);
        var term = ScoreWeights.Term(tensor(new[] { 0.5f, 0.25f }), weights);
        double[] p = [1 / (1 + Math.Exp(-3)), 1 / (1 + Math.Exp(-5))];
        Assert.Equal(((0.5 * p[0]) + (0.25 * p[1])) / p.Sum(), term.Value().item<float>(), 1e-6);
        Assert.Equal(0, ScoreWeights.Term(zeros(0, 4), ScoreWeights.Of(new RankSortLoss(), zeros(0, 3), 3)).Value().item<float>());

        // The probability of background is none of an object.
        Assert.True(ScoreWeights.Of(new CrossEntropyLoss(), tensor(new[] { 0f, 0, 9 }, [1, 3]), 2)[0].item<float>() < 0.01);
    }

    private static LossTerm Term(Tensor feature, double value, float[] slope)
    {
        var line = (feature * tensor(slope)).sum();
        return new((line - line.detach() + value).unsqueeze(0), 1);
    }

    private static TotalLoss Combine(Objective objective, double classification, double box)
    {
        var zero = zeros([], requires_grad: true);
        return objective.Combine([new("head", new((zero + classification).unsqueeze(0), 1), new((zero + box).unsqueeze(0), 1))]);
    }

    /// <summary>The paper's update with Adam, in plain numbers.</summary>
    private static void Advance(double[] w, double[] mean, double[] square, double[] losses, double[] first, double[] lengths, int step)
    {
        var paces = new[] { losses[0] / first[0], losses[1] / first[1] };
        var (average, pace) = (((w[0] * lengths[0]) + (w[1] * lengths[1])) / 2, paces.Average());
        for (var i = 0; i < 2; i++)
        {
            var slope = Math.Sign((w[i] * lengths[i]) - (average * Math.Sqrt(paces[i] / pace))) * lengths[i];
            (mean[i], square[i]) = ((0.9 * mean[i]) + (0.1 * slope), (0.999 * square[i]) + (0.001 * slope * slope));
        }

        for (var i = 0; i < 2; i++)
            w[i] = Math.Max(w[i] - (0.1 * (mean[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(square[i] / (1 - Math.Pow(0.999, step))) + 1e-8)), 0.01);
        var sum = w.Sum();
        for (var i = 0; i < 2; i++) w[i] *= 2 / sum;
    }
}
