using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Two boxes that overlap; of one class the better one is surer, of the other the worse one is.</summary>
public class VotingTests
{
    private const float Sure = -8;
    private const float Unsure = 4;
    private static readonly VarianceVoting Voting = new() { Sigma = 1 };
    private static readonly BatchImage Image = new(0, "a.png", 128, 128, 64, 64, new Truths());
    private static readonly BoxArray Boxes = Overlapping();
    private static readonly DenseLossOptions Losses = new RetinaNetOptions { BoxLoss = new KLBoxLoss() }.Losses;

    [Fact]
    public void Each_class_of_a_region_votes_by_its_own_variances()
    {
        using var scope = NewDisposeScope();
        float[] row(float first, float second) => [.. Deltas(first), .. Deltas(second), .. Deltas(0)];
        var deltas = tensor((float[])[.. row(Sure, Unsure), .. row(Unsure, Sure)], [2, 3, 8]);
        var probabilities = tensor((float[])[0.9f, 0.9f, 0.8f, 0.8f], [2, 2]);
        var found = new RegionDetection(new() { Voting = Voting }, Losses, 2).Of(probabilities, deltas, [Boxes], Batch())[0];
        AssertNear(Boxes[0], First(found, 0));
        AssertNear(Boxes[1], First(found, 1));
        var agnostic = new RegionDetection(new() { Voting = Voting }, Losses, 2).Of(probabilities, tensor((float[])[.. Deltas(Unsure), .. Deltas(Sure)], [2, 1, 8]), [Boxes], Batch())[0];
        AssertNear(Boxes[1], First(agnostic, 0));
        AssertNear(Boxes[1], First(agnostic, 1));
        var silent = new RegionDetection(new(), Losses, 2).Of(probabilities, deltas, [Boxes], Batch())[0];
        AssertNear(Boxes[0], First(silent, 1));
    }

    [Theory]
    [InlineData(Sure, Unsure, 0)]
    [InlineData(Unsure, Sure, 1)]
    public void The_boxes_of_anchors_move_to_the_surer_one(float better, float worse, int expected)
    {
        using var scope = NewDisposeScope();
        var deltas = tensor((float[])[.. Deltas(better), .. Deltas(worse)], [1, 2, 8]);

        // The highest first: 2 and 1 are logits of sigmoids for the one, of a softmax beside background for the other.
        var dense = new DenseDetection(new() { Voting = Voting }, Losses, 1).Of(new(tensor((float[])[2, 1], [1, 2, 1]), deltas), [AnchorSet.Of(Boxes)], Batch())[0];
        AssertNear(Boxes[expected], First(dense, 0));
        var softmax = Losses with { Classification = new CrossEntropyLoss() };
        var channels = softmax.Classification.Channels(1);
        var logits = tensor(channels == 2 ? [2, 0, 1, 0] : (float[])[2, 1], [1, 2, channels]);
        var ssd = new SsdDetection(new() { Voting = Voting }, softmax, 1).Of(new(logits, deltas), Boxes, Batch())[0];
        AssertNear(Boxes[expected], First(ssd, 0));
    }

    [Fact]
    public void A_vote_without_variances_is_refused()
    {
        foreach (var options in new DetectorOptions[] { new FasterRCNNOptions { Detection = new() { Voting = new() } }, new SsdOptions { Detection = new() { Voting = new() } }, new RetinaNetOptions { Detection = new() { Voting = new() } } })
            Assert.Contains($"{options.GetType().Name}.Detection.Voting weighs boxes by their variances", Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("faster-rcnn")]
    [InlineData("ssd")]
    public void A_whole_detector_votes(string kind)
    {
        DetectorOptions options = SmallDetectors.Of(kind) switch
        {
            FasterRCNNOptions faster => faster with { BoxLoss = new KLBoxLoss(), Detection = new() { Voting = new(), MinimumScore = 0 } },
            SsdOptions ssd => ssd with { BoxLoss = new KLBoxLoss(), Detection = new() { Voting = new(), MinimumScore = 0 } },
            var other => other,
        };
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedBatches.Facts, seed: 3);
        detector.eval();
        var found = detector.Detect(new PaintedBatches(side: 128).Load(0).To(CPU));
        Assert.All(found, each => Assert.True(each.Count > 0));
    }

    private static Batch Batch() => new(zeros(1, 3, 64, 64), [Image]);

    /// <summary>No deltas, and one logarithm of the variance for all of them.</summary>
    private static float[] Deltas(float logVariance) => [0, 0, 0, 0, logVariance, logVariance, logVariance, logVariance];

    private static Box First(Detections found, int @class) => found.Boxes[Enumerable.Range(0, found.Count).First(i => found.Classes[i] == @class)];

    private static BoxArray Overlapping()
    {
        var boxes = new BoxArray();
        boxes.Add(new(10, 10, 40, 40));
        boxes.Add(new(14, 14, 44, 44));
        return boxes;
    }

    /// <summary>The image is twice as large as the batch.</summary>
    private static void AssertNear(Box expected, Box actual)
    {
        Assert.Equal(2 * expected.X1, actual.X1, 0.1);
        Assert.Equal(2 * expected.Y2, actual.Y2, 0.1);
    }
}
