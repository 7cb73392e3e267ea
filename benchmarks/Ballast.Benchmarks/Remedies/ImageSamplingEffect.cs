namespace Ballast.Benchmarks;

/// <summary>What training sees of the demo data set.</summary>
internal static class ImageSamplingEffect
{
    public static string Of(Remedy remedy, DetectionDataset data)
    {
        var before = ImageSampling.OutcomeOf(data, Enumerable.Repeat(1.0, data.Images.Count).ToArray());
        var after = ImageSampling.OutcomeOf(data, remedy.Kind switch
        {
            "class-aware" => ImageSampling.ClassAware(data),
            "repeat-factor" => ImageSampling.RepeatFactors(data, 0.1),
            "drop-majority" => ImageSampling.DropMajorityOnly(data, 0.25),
            _ => throw new InputException($"Nothing is measured for '{remedy.Kind}'; say in ImageSamplingEffect what is."),
        });
        var classes = Enumerable.Range(0, data.Classes.Count).OrderByDescending(c => before.Boxes[c]);
        IEnumerable<string[]> rows =
        [
            .. classes.Select(c => new[] { $"boxes of {data.Classes[c]}", Share(before, c), Share(after, c) }),
            ["evenness of classes", MeasuredEffects.Number(before.Evenness), MeasuredEffects.Number(after.Evenness)],
            ["length of an epoch", "1", MeasuredEffects.Number(after.Growth)],
            ["one image shown at most, times", "1", MeasuredEffects.Number(after.LargestWeight)],
        ];
        return $"On the demo data set ({data.Images.Count} images, seed 1), in expectation.\n\n{MeasuredEffects.Table(["", "as it is", "with it"], rows)}";
    }

    private static string Share(SamplingOutcome outcome, int @class) => MeasuredEffects.Percent(outcome.Boxes[@class] / outcome.Boxes.Sum());
}
