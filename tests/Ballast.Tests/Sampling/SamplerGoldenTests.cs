using Ballast.Tests.Golden;

namespace Ballast.Tests.Sampling;

/// <summary>
/// Samplers against mmdetection and torchvision. What the references draw is only known as shares over many draws: ours must lie within five joint standard errors of
/// them, exactly where a share is 0 or 1, and every draw must have the size that every draw of theirs has.
/// </summary>
public class SamplerGoldenTests
{
    private const int Draws = 4000;

    public static TheoryData<string> Random => GoldenCase.All("random_sampler");

    public static TheoryData<string> IoUBalanced => GoldenCase.All("iou_balanced_neg_sampler");

    public static TheoryData<string> InstanceBalanced => GoldenCase.All("instance_balanced_pos_sampler");

    public static TheoryData<string> Combined => GoldenCase.All("combined_sampler");

    public static TheoryData<string> Torchvision => GoldenCase.All("tv_balanced_sampler");

    public static TheoryData<string> HardExamples => GoldenCase.All("ohem_sampler");

    [Theory]
    [MemberData(nameof(Random))]
    public void Random_draws_are_those_of_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        AssertShares(golden, new RandomSampler { Count = Count(golden), PositiveFraction = Fraction(golden), MaximumNegativesPerPositive = Bound(golden) });
    }

    [Theory]
    [MemberData(nameof(IoUBalanced))]
    public void IoU_balanced_draws_are_those_of_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        AssertShares(golden, Bins(golden));
    }

    [Theory]
    [MemberData(nameof(InstanceBalanced))]
    public void Instance_balanced_draws_are_those_of_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        AssertShares(golden, new InstanceBalancedPositiveSampler { Count = Count(golden), PositiveFraction = Fraction(golden) });
    }

    [Theory]
    [MemberData(nameof(Combined))]
    public void Combined_draws_are_those_of_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        Assert.Equal("instance_balanced_pos", golden.Parameters.GetProperty("pos_sampler").GetString());
        Assert.Equal("iou_balanced_neg", golden.Parameters.GetProperty("neg_sampler").GetString());
        AssertShares(golden, new CombinedSampler
        {
            Positives = new InstanceBalancedPositiveSampler { Count = Count(golden), PositiveFraction = Fraction(golden) },
            Negatives = Bins(golden),
        });
    }

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Random_draws_are_those_of_torchvision(string name)
    {
        using var golden = GoldenCase.Load(name);
        var (candidates, labels) = (new Candidates(), golden.Integers("matched_idxs"));
        candidates.Load(AnchorSet.Of(new BoxArray()), new Truths(), Assigned(labels, new float[labels.Length]));
        var sampler = new RandomSampler { Count = golden.Parameters.GetProperty("batch_size_per_image").GetInt32(), PositiveFraction = golden.Parameters.GetProperty("positive_fraction").GetDouble() };
        AssertShares(golden, candidates, sampler, moved: 0);
    }

    [Theory]
    [MemberData(nameof(HardExamples))]
    public void The_hardest_examples_are_those_of_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        Assert.False(golden.Flag("add_gt_as_proposals", true));
        var candidates = Load(golden, out _, losses => CrossEntropy(golden, losses));
        var weights = new float[candidates.Count];
        var random = RandomState.Of(1, 1);
        new OnlineHardExampleMiningSampler { Count = Count(golden), PositiveFraction = Fraction(golden), MaximumNegativesPerPositive = Bound(golden) }
            .Weigh(candidates, ref random, weights);
        var truths = candidates.Truths.ToArray();
        Assert.Equal(golden.Integers("pos_inds"), Enumerable.Range(0, weights.Length).Where(i => weights[i] == 1 && truths[i] >= 0));
        Assert.Equal(golden.Integers("neg_inds"), Enumerable.Range(0, weights.Length).Where(i => weights[i] == 1 && truths[i] == Assignment.Background));
    }

    private static int Count(GoldenCase golden) => golden.Parameters.GetProperty("num").GetInt32();

    private static double Fraction(GoldenCase golden) => golden.Parameters.GetProperty("pos_fraction").GetDouble();

    private static double? Bound(GoldenCase golden) => golden.Number("neg_pos_ub", -1) is >= 0 and var bound ? bound : null;

    private static IoUBalancedNegativeSampler Bins(GoldenCase golden) => new()
    {
        Count = Count(golden),
        PositiveFraction = Fraction(golden),
        Bins = golden.Parameters.GetProperty("num_bins").GetInt32(),
        Floor = golden.Number("floor_thr", 0),
        FloorFraction = golden.Parameters.GetProperty("floor_fraction").GetDouble(),
    };

    private static void AssertShares(GoldenCase golden, Sampler sampler) => AssertShares(golden, Load(golden, out var moved), sampler, moved);

    /// <param name="golden">The case.</param>
    /// <param name="candidates">Ours.</param>
    /// <param name="sampler">What draws.</param>
    /// <param name="moved">Truths among the candidates: the reference's first, our last.</param>
    private static void AssertShares(GoldenCase golden, Candidates candidates, Sampler sampler, int moved)
    {
        var (weights, truths) = (new float[candidates.Count], candidates.Truths.ToArray());
        var (positives, negatives) = (new double[weights.Length], new double[weights.Length]);
        var sizes = golden.Plain("sizes").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())).ToHashSet();
        for (var draw = 0; draw < Draws; draw++)
        {
            var random = RandomState.Of(7, draw);
            sampler.Weigh(candidates, ref random, weights);
            var (taken, background) = (0, 0);
            for (var i = 0; i < weights.Length; i++)
            {
                if (weights[i] == 0) continue;
                var place = i < weights.Length - moved ? i + moved : i - (weights.Length - moved);
                (truths[i] >= 0 ? positives : negatives)[place] += 1.0 / Draws;
                (taken, background) = truths[i] >= 0 ? (taken + 1, background) : (taken, background + 1);
            }

            Assert.Contains((taken, background), sizes);
        }

        AssertClose(golden, "pos_inclusion", positives);
        AssertClose(golden, "neg_inclusion", negatives);
    }

    private static void AssertClose(GoldenCase golden, string name, double[] actual)
    {
        var (expected, runs) = (golden.Shares(name), golden.Number("runs", 0));
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var share = (expected[i] + actual[i]) / 2;
            var error = expected[i] is 0 or 1 ? 0 : Math.Sqrt(share * (1 - share) * ((1 / runs) + (1.0 / Draws)));
            Assert.True(Math.Abs(actual[i] - expected[i]) <= (5 * error) + 1e-6, $"{name}[{i}] is {actual[i]:F4}, the reference's {expected[i]:F4}; the standard error is {error:F4}.");
        }
    }

    private static Candidates Load(GoldenCase golden, out int added, CandidateLosses? losses = null)
    {
        var (truths, boxes, proposals) = (new Truths(), golden.Boxes("gt_bboxes"), golden.Boxes("bboxes"));
        for (var i = 0; i < boxes.Count; i++) truths.Add(boxes[i], golden.Integers("gt_labels")[i]);
        var assignment = Assigned(golden.Integers("gt_inds"), golden.Has("max_overlaps") ? golden.Floats("max_overlaps") : new float[proposals.Count]);
        added = golden.Flag("add_gt_as_proposals", true) ? truths.Count : 0;
        if (added > 0) assignment.AppendTruths(truths);
        for (var i = 0; i < added; i++) proposals.Add(truths.Boxes[i]);
        var candidates = new Candidates();
        candidates.Load(AnchorSet.Of(proposals), truths, assignment, losses);
        return candidates;
    }

    /// <summary>An assignment from the references' numbers: 0 background, -1 ignored, truth + 1.</summary>
    private static Assignment Assigned(int[] numbers, float[] overlaps)
    {
        var assignment = new Assignment();
        assignment.Reset(numbers.Length, Assignment.Background);
        for (var i = 0; i < numbers.Length; i++) assignment.Truths[i] = numbers[i] switch { 0 => Assignment.Background, < 0 => Assignment.Ignored, var number => number - 1 };
        overlaps.CopyTo(assignment.Overlaps);
        return assignment;
    }

    /// <summary>Softmax cross entropy of every box; the background is the last class.</summary>
    private static void CrossEntropy(GoldenCase golden, Span<float> losses)
    {
        var (logits, truths, labels, columns) = (golden.Floats("cls_score"), golden.Integers("gt_inds"), golden.Integers("gt_labels"), golden.Shape("cls_score")[1]);
        for (var i = 0; i < losses.Length; i++)
        {
            var row = logits.AsSpan(i * columns, columns).ToArray();
            var label = truths[i] > 0 ? labels[truths[i] - 1] : columns - 1;
            losses[i] = (float)(Math.Log(row.Sum(logit => Math.Exp(logit))) - row[label]);
        }
    }
}
