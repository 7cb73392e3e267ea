namespace Ballast.Tests.Sampling;

/// <summary>What single samplers do, against the rule written once more without any cleverness.</summary>
public class SamplerRulesTests
{
    private static readonly SampledScene Scene = new(11, truths: 6, positives: 40, negatives: 900, ignored: 60);

    [Fact]
    public void Hard_negative_mining_keeps_three_of_highest_loss_for_each_object()
    {
        var weights = Scene.Weigh(new HardNegativeMiningSampler());
        var expected = Negatives().OrderByDescending(i => Scene.Losses[i]).ThenBy(i => i).Take(120).Concat(Positives()).Order();
        Assert.Equal(expected, Chosen(weights));
    }

    [Fact]
    public void A_least_number_of_negatives_teaches_from_images_without_objects()
    {
        var empty = new SampledScene(12, truths: 0, positives: 0, negatives: 100, ignored: 3);
        Assert.Equal(45, empty.Taken(empty.Weigh(new HardNegativeMiningSampler { MinimumNegatives = 45 }), positive: false));
        Assert.Equal(100, empty.Taken(empty.Weigh(new HardNegativeMiningSampler { MinimumNegatives = 4500 }), positive: false));
        Assert.Equal(120, Scene.Taken(Scene.Weigh(new HardNegativeMiningSampler { MinimumNegatives = 45 }), positive: false));
        Assert.Equal(100, Scene.Taken(Scene.Weigh(new HardNegativeMiningSampler { NegativesPerPositive = 2.5 }), positive: false));
    }

    [Fact]
    public void A_loss_that_is_no_number_ranks_last()
    {
        var scene = new SampledScene(13, truths: 1, positives: 1, negatives: 400, ignored: 0);
        for (var i = 0; i < scene.Losses.Length; i += 2) scene.Losses[i] = float.NaN;
        Assert.All(Chosen(scene.Weigh(new HardNegativeMiningSampler { NegativesPerPositive = 50 })), i => Assert.True(float.IsFinite(scene.Losses[i]) || scene.Assignment.Truths[i] >= 0));
    }

    [Fact]
    public void Without_a_quota_the_hardest_are_taken_whatever_they_are()
    {
        var weights = Scene.Weigh(new OnlineHardExampleMiningSampler { Count = 128, PositiveFraction = null });
        Assert.Equal(Positives().Concat(Negatives()).OrderByDescending(i => Scene.Losses[i]).ThenBy(i => i).Take(128).Order(), Chosen(weights));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.25)]
    public void Suppression_leaves_of_a_hard_place_only_its_hardest_candidate(double? fraction)
    {
        var sampler = new OnlineHardExampleMiningSampler { Count = 2000, PositiveFraction = fraction, SuppressionIoU = 0.3f };
        var weights = Scene.Weigh(sampler);
        int Class(int i) => Scene.Assignment.Truths[i] is >= 0 and var truth ? Scene.Truths.Classes[truth] : -1;
        var kept = new List<int>();
        foreach (var i in Positives().Concat(Negatives()).OrderByDescending(i => Scene.Losses[i]))
        {
            if (kept.All(k => Class(k) != Class(i) || Overlap.IoU(Scene.Boxes[k], Scene.Boxes[i]) <= 0.3f)) kept.Add(i);
        }

        Assert.True(kept.Count < 800);
        Assert.Equal(kept.Order(), Chosen(weights));
    }

    [Fact]
    public void Bins_of_IoU_get_an_equal_share_of_the_background()
    {
        var weights = Scene.Weigh(new IoUBalancedNegativeSampler { Count = 100, PositiveFraction = 0.1, Bins = 9, BinRange = IoUBinRange.Negatives });
        var overlaps = Scene.Assignment.Overlaps.ToArray();
        var largest = Negatives().Max(i => overlaps[i]);
        var all = Negatives().CountBy(i => Math.Min((int)(overlaps[i] / largest * 9), 8)).ToDictionary();
        var taken = Chosen(weights).Where(i => Scene.Assignment.Truths[i] < 0).CountBy(i => Math.Min((int)(overlaps[i] / largest * 9), 8)).ToDictionary();
        Assert.True(all.Values.Max() > 10 * all.Values.Min(), "the scene has no rare bin");
        Assert.All(all, bin => Assert.True(taken[bin.Key] >= Math.Min(10, bin.Value), $"bin {bin.Key}"));
        Assert.Equal(90, taken.Values.Sum());
    }

    [Fact]
    public void The_largest_IoU_of_all_candidates_leaves_upper_bins_without_background()
    {
        var low = Scene.Weigh(new IoUBalancedNegativeSampler { Count = 100, PositiveFraction = 0.1 });
        var high = Scene.Weigh(new IoUBalancedNegativeSampler { Count = 100, PositiveFraction = 0.1, BinRange = IoUBinRange.Negatives });
        double Mean(float[] weights) => Chosen(weights).Where(i => Scene.Assignment.Truths[i] < 0).Average(i => (double)Scene.Assignment.Overlaps[i]);
        Assert.True(Mean(high) > Mean(low) * 1.2, $"{Mean(high)} and {Mean(low)}");
    }

    [Fact]
    public void Objects_are_balanced_over_instances()
    {
        // Truth 0 has 400 candidates, each other one 10.
        var scene = Uneven([400, 10, 10, 10], [0, 1, 2, 2]);
        var taken = PerTruth(scene, scene.Weigh(new InstanceBalancedPositiveSampler { Count = 160, PositiveFraction = 0.25 }));
        Assert.Equal(40, taken.Sum());
        Assert.All(taken[1..], count => Assert.InRange(count, 7, 11));
        Assert.True(PerTruth(scene, scene.Weigh(new RandomSampler { Count = 160, PositiveFraction = 0.25 }))[0] > 30);
    }

    [Fact]
    public void Objects_are_balanced_over_classes()
    {
        // Class 0 has 400 candidates, class 1 has 100, class 2 has 40 in two instances: each is drawn equally often.
        var scene = Uneven([400, 100, 20, 20], [0, 1, 2, 2]);
        var sums = new int[3];
        for (var seed = 0; seed < 500; seed++)
        {
            var taken = PerTruth(scene, scene.Weigh(new OnlineForegroundBalancedSampler { Count = 24, PositiveFraction = 0.25 }, seed));
            Assert.Equal(6, taken.Sum());
            for (var truth = 0; truth < 4; truth++) sums[scene.Truths.Classes[truth]] += taken[truth];
        }

        // Without replacement the small class is drawn a little less often than 1,000 times.
        Assert.All(sums, sum => Assert.InRange(sum, 850, 1150));
    }

    [Fact]
    public void A_combination_weighs_each_side_as_its_sampler_does()
    {
        var sampler = new CombinedSampler { Positives = new HardNegativeMiningSampler(), Negatives = new OnlineHardExampleMiningSampler() };
        var (all, positives, negatives) = (Scene.Weigh(sampler), Scene.Weigh(sampler.Positives), Scene.Weigh(sampler.Negatives));
        for (var i = 0; i < all.Length; i++) Assert.Equal(Scene.Assignment.Truths[i] >= 0 ? positives[i] : negatives[i], all[i]);
        Assert.Equal(all, Scene.Weigh(new CombinedSampler { Positives = sampler, Negatives = sampler }));
        Assert.Equal(CandidateNeeds.Losses, sampler.Needs);
    }

    [Theory]
    [InlineData(60, 0.2)]
    [InlineData(860, 0.2)]
    [InlineData(700, 0.9)]
    [InlineData(700, 1)]
    public void Importance_follows_the_rank_in_the_cluster_and_keeps_the_sum_of_losses(int count, double least)
    {
        var sampler = new ImportanceReweightingSampler { Count = count, PositiveFraction = 0.05, MinimumScore = least, Power = 0.5, ClusterIoU = 0.4f };
        var weights = Scene.Weigh(sampler);
        var wanted = count - (int)Math.Min(40, count * 0.05);
        wanted = Math.Min(wanted, 900);
        var order = Ranked(least, 0.4f);
        var taken = Chosen(weights).Where(i => Scene.Assignment.Truths[i] < 0).ToArray();
        Assert.Equal(wanted, taken.Length);
        Assert.Superset(order.Take(wanted).ToHashSet(), taken.ToHashSet());
        Assert.Equal(taken.Sum(i => (double)Scene.Losses[i]), taken.Sum(i => (double)Scene.Losses[i] * weights[i]), 1e-2);
        if (order.Length == 0)
        {
            Assert.All(taken, i => Assert.Equal(1, weights[i]));
            return;
        }

        double Plain(int rank) => Math.Sqrt((Math.Max(wanted, order.Length) - rank) / (double)Math.Max(wanted, order.Length));
        for (var rank = 1; rank < Math.Min(order.Length, wanted); rank++) Assert.Equal(Plain(rank) / Plain(0), weights[order[rank]] / weights[order[0]], 1e-5);
        Assert.All(taken.Except(order), i => Assert.Equal(weights[order[Math.Min(order.Length, wanted) - 1]], weights[i]));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Contains("RandomSampler.Count is 0", Assert.Throws<InputException>(() => new RandomSampler { Count = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("PositiveFraction is NaN", Assert.Throws<InputException>(() => new RandomSampler { PositiveFraction = double.NaN }).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new RandomSampler { MaximumNegativesPerPositive = -1 });
        Assert.Throws<InputException>(() => new HardNegativeMiningSampler { NegativesPerPositive = double.PositiveInfinity });
        Assert.Throws<InputException>(() => new IoUBalancedNegativeSampler { Bins = 0 });
        Assert.Throws<InputException>(() => new IoUBalancedNegativeSampler { Floor = 1.5f });
        Assert.Throws<InputException>(() => new ImportanceReweightingSampler { Bias = 2 });
        Assert.Throws<InputException>(() => new OnlineHardExampleMiningSampler { SuppressionIoU = 2 });
        Assert.Throws<InputException>(() => new OnlineHardExampleMiningSampler { PositiveFraction = null, MaximumNegativesPerPositive = 3 }.Validate());
        Assert.Throws<InputException>(() => new CombinedSampler { Negatives = new IoUBalancedNegativeSampler { FloorFraction = 0.5 } }.Validate());
    }

    /// <summary>Background above the score, in clusters of what overlaps the most probable left: first those, then what is second in its cluster, and so on.</summary>
    private static int[] Ranked(double least, float iou)
    {
        var left = Negatives().Where(i => Scene.Scores[i] > least).OrderByDescending(i => Scene.Scores[i]).ToList();
        var ranks = new List<(int Rank, float Score, int Candidate)>();
        while (left.Count > 0)
        {
            var cluster = left.Where(i => i == left[0] || Overlap.IoU(Scene.Boxes[left[0]], Scene.Boxes[i]) > iou).ToList();
            ranks.AddRange(cluster.Select((i, rank) => (rank, Scene.Scores[i], i)));
            left = [.. left.Except(cluster)];
        }

        return [.. ranks.OrderBy(entry => entry.Rank).ThenByDescending(entry => entry.Score).Select(entry => entry.Candidate)];
    }

    private static SampledScene Uneven(int[] candidates, int[] classes)
    {
        var scene = new SampledScene(14, truths: candidates.Length, positives: candidates.Sum(), negatives: 50, ignored: 0);
        for (var i = 0; i < classes.Length; i++) scene.Truths.Classes[i] = classes[i];
        var truths = candidates.SelectMany((count, truth) => Enumerable.Repeat(truth, count)).ToArray();
        var next = 0;
        foreach (ref var truth in scene.Assignment.Truths)
        {
            if (truth >= 0) truth = truths[next++];
        }

        return scene;
    }

    private static int[] PerTruth(SampledScene scene, float[] weights)
    {
        var counts = new int[scene.Truths.Count];
        foreach (var i in Chosen(weights))
        {
            if (scene.Assignment.Truths[i] is >= 0 and var truth) counts[truth]++;
        }

        return counts;
    }

    private static IEnumerable<int> Positives() => Enumerable.Range(0, Scene.Losses.Length).Where(i => Scene.Assignment.Truths[i] >= 0);

    private static IEnumerable<int> Negatives() => Enumerable.Range(0, Scene.Losses.Length).Where(i => Scene.Assignment.Truths[i] == Assignment.Background);

    private static IEnumerable<int> Chosen(float[] weights) => Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0);
}
