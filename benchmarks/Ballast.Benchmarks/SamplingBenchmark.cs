using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>Times assigning and sampling of 200,000 candidates of one image with 50 objects, one thread.</summary>
internal static class SamplingBenchmark
{
    private const int Objects = 50;
    private const int Rounds = 5;

    public static int Run()
    {
        foreach (var (name, milliseconds) in Measure()) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-75} {milliseconds,8:F3} ms CPU"));
        return 0;
    }

    /// <summary>Each step with its processor milliseconds, the best of several rounds.</summary>
    public static IEnumerable<(string Name, double Milliseconds)> Measure()
    {
        // RetinaNet's 201,600 anchors on a padded 1344 x 800 input.
        var grid = DetectorProfile.RetinaNet.Anchors.Grid(1344, 800);
        var (anchors, boxes, truths) = (AnchorSet.Of(grid), AnchorSet.Of(grid.ToBoxes()), Scene());
        var (rpn, retina) = (DetectorProfile.FasterRCNN.Assigner, DetectorProfile.RetinaNet.Assigner);
        var (windows, dense) = (new Assignment { KeepsOverlaps = false }, new Assignment());
        var title = $"{grid.Count:N0} anchors, {Objects} boxes";
        yield return ($"max-IoU on a grid by its windows: {title}", Best(() => retina.Assign(anchors, truths, windows)));
        yield return ($"max-IoU on explicit boxes, every pair: {title}", Best(() => retina.Assign(boxes, truths, dense)));
        yield return ($"max-IoU on explicit boxes, every pair, RPN's thresholds: {title}", Best(() => rpn.Assign(boxes, truths, dense)));
        var candidates = new Candidates();
        var (weights, losses, random) = (new float[grid.Count], Losses(grid.Count), RandomState.Of(1, 1));
        candidates.Load(boxes, truths, dense, losses.CopyTo);
        foreach (var sampler in new Sampler[]
        {
            new NoSampler(), new RandomSampler { Count = 256, PositiveFraction = 0.5 }, new IoUBalancedNegativeSampler(), new HardNegativeMiningSampler(),
            new OnlineHardExampleMiningSampler(), new InstanceBalancedPositiveSampler(), new OnlineForegroundBalancedSampler(), new CombinedSampler(),
        })
        {
            yield return ($"{sampler.GetType().Name}: {grid.Count:N0} candidates", Best(() =>
            {
                candidates.Load(boxes, truths, dense, losses.CopyTo);
                sampler.Weigh(candidates, ref random, weights);
            }));
        }
    }

    private static double Best(Action action)
    {
        var best = double.PositiveInfinity;
        for (var round = 0; round < Rounds; round++) best = Math.Min(best, CpuTimer.Milliseconds(action));
        return best;
    }

    /// <summary>Objects of COCO's sizes all over the image, in ten classes.</summary>
    private static Truths Scene()
    {
        var truths = new Truths();
        for (var i = 0; i < Objects; i++)
        {
            var (width, height) = (24 + (240 * Uniform(i, 0) * Uniform(i, 1)), 24 + (240 * Uniform(i, 1) * Uniform(i, 2)));
            var (x, y) = (Uniform(i, 3) * (1333 - width), Uniform(i, 4) * (800 - height));
            truths.Add(new(x, y, x + width, y + height), i % 10);
        }

        return truths;
    }

    private static float[] Losses(int count)
    {
        var losses = new float[count];
        for (var i = 0; i < count; i++) losses[i] = -MathF.Log(1 - (0.999f * Uniform(i, 5)));
        return losses;
    }

    private static float Uniform(int index, int draw) => (StableHash.Mix(((ulong)index * 8) + (ulong)draw + 1) >> 40) * (1f / (1 << 24));
}
