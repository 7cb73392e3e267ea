namespace Ballast.Tests.Sampling;

/// <summary>What every sampler must do, whichever it is.</summary>
public class SamplerTests
{
    public static TheoryData<string> Kinds => [.. SampledScene.AllSamplers.Select(sampler => sampler.GetType().Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_ignored_weighs_nothing(string kind)
    {
        var scene = new SampledScene(1, truths: 4, positives: 60, negatives: 300, ignored: 90);
        var weights = scene.Weigh(Sampler(kind));
        for (var i = 0; i < weights.Length; i++) Assert.True(weights[i] == 0 || scene.Assignment.Truths[i] != Assignment.Ignored);
        Assert.True(scene.Taken(weights, positive: true) > 0);
        Assert.True(scene.Taken(weights, positive: false) > 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_seed_gives_the_same_weights_in_any_workspace(string kind)
    {
        var scene = new SampledScene(2, truths: 4, positives: 300, negatives: 900, ignored: 90);
        var first = scene.Weigh(Sampler(kind));
        new SampledScene(3, truths: 2, positives: 500, negatives: 100, ignored: 0).Candidates.CollectPositives();
        Assert.Equal(first, scene.Weigh(Sampler(kind)));
        Assert.Equal(first, new SampledScene(2, truths: 4, positives: 300, negatives: 900, ignored: 90).Weigh(Sampler(kind)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_seed_draws_others_just_when_the_sampler_is_random(string kind)
    {
        var sampler = Sampler(kind);
        var scene = new SampledScene(2, truths: 4, positives: 300, negatives: 900, ignored: 90);
        Assert.Equal(sampler.IsRandom, !scene.Weigh(sampler, seed: 1).AsSpan().SequenceEqual(scene.Weigh(sampler, seed: 2)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Weights_are_0_or_1_just_when_the_sampler_is_hard(string kind)
    {
        var sampler = Sampler(kind);
        var weights = new SampledScene(4, truths: 4, positives: 300, negatives: 900, ignored: 90).Weigh(sampler);
        Assert.All(weights, weight => Assert.True(weight >= 0 && float.IsFinite(weight)));
        Assert.Equal(sampler.IsHard, weights.All(weight => weight is 0 or 1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sampler_leaves_no_weight_of_the_image_before(string kind)
    {
        var scene = new SampledScene(5, truths: 4, positives: 300, negatives: 900, ignored: 90);
        var (dirty, random) = (Enumerable.Repeat(7f, scene.Candidates.Count).ToArray(), RandomState.Of(1, 5));
        Sampler(kind).Weigh(scene.Candidates, ref random, dirty);
        Assert.Equal(scene.Weigh(Sampler(kind)), dirty);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Nothing_to_choose_from_gives_no_weights(string kind)
    {
        Assert.Empty(new SampledScene(6, truths: 0, positives: 0, negatives: 0, ignored: 0).Weigh(Sampler(kind)));
        Assert.Empty(new SampledScene(6, truths: 3, positives: 0, negatives: 0, ignored: 0).Weigh(Sampler(kind)));
        Assert.All(new SampledScene(6, truths: 3, positives: 0, negatives: 0, ignored: 40).Weigh(Sampler(kind)), weight => Assert.Equal(0, weight));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Images_without_objects_or_without_background_are_normal(string kind)
    {
        var empty = new SampledScene(7, truths: 0, positives: 0, negatives: 700, ignored: 10);
        var background = empty.Taken(empty.Weigh(Sampler(kind)), positive: false);
        Assert.Equal(kind switch { nameof(NoSampler) => 700, nameof(HardNegativeMiningSampler) => 0, _ => 512 }, background);
        var full = new SampledScene(7, truths: 1, positives: 700, negatives: 0, ignored: 10);
        var objects = full.Taken(full.Weigh(Sampler(kind)), positive: true);
        Assert.Equal(kind is nameof(NoSampler) or nameof(HardNegativeMiningSampler) ? 700 : 128, objects);
        var single = new SampledScene(7, truths: 1, positives: 1, negatives: 1, ignored: 0);
        Assert.Equal(1, single.Taken(single.Weigh(Sampler(kind)), positive: true));
        Assert.Equal(1, single.Taken(single.Weigh(Sampler(kind)), positive: false));
    }

    [Theory]
    [InlineData(60, 900)]
    [InlineData(300, 900)]
    [InlineData(300, 100)]
    [InlineData(20, 30)]
    public void Samplers_of_a_quota_fill_it(int positives, int negatives)
    {
        var scene = new SampledScene(8, truths: 5, positives, negatives, ignored: 50);
        foreach (var sampler in SampledScene.AllSamplers.Where(sampler => sampler is not NoSampler and not HardNegativeMiningSampler))
        {
            var weights = scene.Weigh(sampler);
            Assert.Equal(Math.Min(positives, 128), scene.Taken(weights, positive: true));
            Assert.Equal(Math.Min(negatives, 512 - Math.Min(positives, 128)), scene.Taken(weights, positive: false));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Needs_that_nothing_fulfils_are_named(string kind)
    {
        var (sampler, scene) = (Sampler(kind), new SampledScene(9, truths: 4, positives: 300, negatives: 1500, ignored: 90));
        scene.Candidates.Load(AnchorSet.Of(scene.Boxes), scene.Truths, scene.Assignment);
        if ((sampler.Needs & (CandidateNeeds.Losses | CandidateNeeds.Predictions)) == 0) Assert.NotEmpty(scene.Weigh(sampler));
        else Assert.Contains("Sampler.Needs", Assert.Throws<InvalidOperationException>(() => scene.Weigh(sampler)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_sampler_does_not_need_is_not_computed(string kind)
    {
        var (sampler, scene) = (Sampler(kind), new SampledScene(9, truths: 4, positives: 300, negatives: 1500, ignored: 90));
        var asked = CandidateNeeds.None;
        scene.Candidates.Load(
            AnchorSet.Of(scene.Boxes),
            scene.Truths,
            scene.Assignment,
            losses => (asked, _) = (asked | CandidateNeeds.Losses, scene.Losses.AsSpan().TryCopyTo(losses)),
            (scores, boxes) =>
            {
                asked |= CandidateNeeds.Predictions;
                scene.Scores.CopyTo(scores);
                for (var i = 0; i < scene.Boxes.Count; i++) boxes.Add(scene.Boxes[i]);
            });
        scene.Weigh(sampler);
        Assert.Equal(sampler.Needs & (CandidateNeeds.Losses | CandidateNeeds.Predictions), asked);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sampler_is_its_own_recipe(string kind)
    {
        var sampler = Sampler(kind);
        Assert.Equal(sampler, RecipeReader.Parse<Sampler>(RecipeReader.ToJson(sampler)));
        sampler.Validate();
    }

    [Fact]
    public void Every_concrete_sampler_has_a_kind()
        => Assert.Equal(
            typeof(Sampler).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Sampler)) && !type.IsAbstract).OrderBy(type => type.Name),
            SampledScene.AllSamplers.Select(sampler => sampler.GetType()).OrderBy(type => type.Name));

    private static Sampler Sampler(string kind) => SampledScene.AllSamplers.Single(sampler => sampler.GetType().Name == kind);
}
