namespace Ballast.Training.Tests;

public class ObjectRecallTests
{
    [Fact]
    public void An_object_is_found_by_one_detection_of_its_class()
    {
        var truths = new Truths();
        truths.Add(new(0, 0, 10, 10), 0);
        truths.Add(new(20, 0, 30, 10), 1);
        truths.Add(new(22, 0, 32, 10), 1);
        var found = new Detections();
        found.Add(new(0, 0, 20, 20), 0.9f, 1);
        found.Add(new(40, 0, 60, 20), 0.8f, 1);
        found.Add(new(40, 0, 60, 20), 0.7f, 0);
        // The image is half as large in the batch as it is.
        var recall = new ObjectRecall(2);
        recall.Add(found, new(1, "a", 80, 40, 40, 20, truths));
        Assert.Equal([1, 2], recall.Objects);
        Assert.Equal([0, 1], recall.Found);
        found.Add(new(0, 0, 20, 12), 0.1f, 0);
        found.Add(new(44, 0, 64, 20), 0.1f, 1);
        recall = new(2);
        recall.Add(found, new(1, "a", 80, 40, 40, 20, truths));
        Assert.Equal([1, 2], recall.Found);
    }

    [Theory]
    [InlineData(3, 100, 0.02, new long[] { 200, 250 })]
    [InlineData(1, 10, 0.02, new long[] { 0 })]
    [InlineData(2, 4, 1, new long[] { 4, 5, 6, 7 })]
    [InlineData(2, 4, 0, new long[0])]
    public void Batches_are_looked_at_again_across_their_epoch(int epoch, int batches, double fraction, long[] steps)
        => Assert.Equal(steps, ObjectRecall.Again(epoch, batches, fraction));

    [Fact]
    public void A_detector_is_counted_over_batches_and_left_evaluating()
    {
        using var detector = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 3);
        var source = new PaintedBatches(images: 2);
        var recall = ObjectRecall.Of(detector, source, [0, 3]);
        var truths = new[] { 0, 3 }.SelectMany(step => source.Load(step).Items).Sum(item => item.Truths.Count);
        Assert.Equal(truths, recall.Objects.Sum());
        Assert.All(recall.Found.Zip(recall.Objects), pair => Assert.InRange(pair.First, 0, pair.Second));
        Assert.False(detector.training);
    }

    [Fact]
    public void Options_are_checked_where_they_are_set()
    {
        Assert.Contains("TelemetryOptions.Every is -1", Assert.Throws<InputException>(() => new TelemetryOptions { Every = -1 }).Message);
        Assert.Contains("TelemetryOptions.RecallFraction is NaN", Assert.Throws<InputException>(() => new TelemetryOptions { RecallFraction = double.NaN }).Message);
    }
}
