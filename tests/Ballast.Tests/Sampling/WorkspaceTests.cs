using Ballast.Tests.Assigning;

namespace Ballast.Tests.Sampling;

/// <summary>What runs once for every image takes its room once, not for every candidate of every image.</summary>
public class WorkspaceTests
{
    private const int Many = 20_000;

    public static TheoryData<string> Samplers => [.. SampledScene.AllSamplers.Select(sampler => sampler.GetType().Name)];

    public static TheoryData<string> Assigners => AssignerTests.Kinds;

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_sampler_takes_no_memory_for_a_candidate(string kind)
    {
        var sampler = SampledScene.AllSamplers.Single(sampler => sampler.GetType().Name == kind);
        var scene = new SampledScene(4, truths: 9, positives: 900, negatives: Many - 1000, ignored: 100);
        // Of twenty thousand boxes that look like objects every pair would be compared.
        for (var i = 0; i < scene.Scores.Length; i++) scene.Scores[i] *= i % 20 == 0 ? 1 : 0.04f;
        var weights = new float[Many];
        AssertFree(() =>
        {
            var random = RandomState.Of(1, 5);
            sampler.Weigh(scene.Candidates, ref random, weights);
        });
    }

    [Theory]
    [MemberData(nameof(Assigners))]
    public void An_assigner_takes_no_memory_for_a_candidate(string kind)
    {
        var (anchors, truths, result) = (AnchorSet.Of(Grid(kind == nameof(RegionAssigner) ? 1 : 9)), new Truths(), new Assignment());
        truths.Add(new(100, 90, 230, 210), 0);
        truths.Add(new(400, 300, 500, 420), 1);
        var assigner = AssignerTests.Of(kind);
        AssertFree(() => assigner.Assign(anchors, truths, result));
        Assert.True(result.Count >= Many);
    }

    private static AnchorGrid Grid(int perPlace)
        => new([new(160, 128, 8, 8, 0, 0, [.. Enumerable.Range(0, perPlace).Select(i => new Box(-16 - i, -16 - i, 16 + i, 16 + i))], 0)]);

    /// <summary>Less than a byte for each, of what a second run takes; the least of some, as pooled memory may be given up between them.</summary>
    private static void AssertFree(Action run)
    {
        run();
        var least = Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.True(least < Many, $"{least} bytes for {Many} candidates.");
    }
}
