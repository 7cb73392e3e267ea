namespace Ballast.Tests.Sampling;

/// <summary>No option of a sampler does nothing.</summary>
public class SamplerOptionTests
{
    private static readonly SampledScene[] Scenes = [new(2, truths: 4, positives: 300, negatives: 900, ignored: 90), new(5, truths: 4, positives: 10, negatives: 900, ignored: 20)];

    /// <summary>Settings under which options count that do not count by default.</summary>
    private static readonly Sampler[] Settings = [new IoUBalancedNegativeSampler { Floor = 0.05f }];

    public static TheoryData<string> Kinds => [.. SampledScene.AllSamplers.Select(sampler => sampler.GetType().Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_option_changes_weights(string kind)
    {
        Sampler[] records = [.. SampledScene.AllSamplers.Concat(Settings).Where(sampler => sampler.GetType().Name == kind)];
        Assert.Empty(OptionWalk.Idle(records, Weigh, new NoSampler(), new HardNegativeMiningSampler()));
    }

    [Fact]
    public void An_option_that_does_nothing_is_found()
        => Assert.Equal(["FloorFraction"], OptionWalk.Idle<Sampler>([new IoUBalancedNegativeSampler()], Weigh));

    private static float[] Weigh(Sampler sampler) => [.. Scenes.SelectMany(scene => scene.Weigh(sampler))];
}
