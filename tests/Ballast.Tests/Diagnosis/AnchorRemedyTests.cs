namespace Ballast.Tests;

/// <summary>Other anchors and assigners, tried on the data.</summary>
public class AnchorRemedyTests
{
    private const string Adaptive = "a threshold for each object (ATSS), one square anchor a place";

    private static readonly DetectorProfile Native = DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x640") };

    [Fact]
    public void Objects_that_no_anchor_reaches_get_some_from_an_assigner_with_a_threshold_for_each_object()
    {
        var finding = Diagnosis.Of(Squares(16, 50), Native).Finding("class-background");
        var advice = finding.Remedies.Single(item => item.Title == Adaptive);
        Assert.Equal("objects with an anchor: c0 0 % -> 100 %", advice.Effect);
        Assert.True(advice.Computed);
        Assert.EndsWith("--set detector.assigner.type=atss --set detector.profile.anchors=one-anchor", advice.Command, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_not_offered_where_every_object_has_an_anchor_or_regions_are_pooled()
    {
        Assert.DoesNotContain(Diagnosis.Of(Squares(50, 100), Native).Findings.SelectMany(finding => finding.Remedies), advice => advice.Title == Adaptive);
        var regions = DetectorProfile.FasterRCNN with { Input = Native.Input };
        Assert.DoesNotContain(Diagnosis.Of(Squares(8, 50), regions).Findings.SelectMany(finding => finding.Remedies), advice => advice.Title == Adaptive);
    }

    [Fact]
    public void A_trial_of_it_counts_what_the_assigner_calls_positive()
    {
        var data = MadeData.WithCounts([60, 25, 5], images: 12);
        var profile = Native with { Anchors = Native.Anchors.WithOneAnchor() };
        var trial = AnchorTrial.Run(data, profile, new() { Profile = profile }, new AtssAssigner());
        var (positives, anchors, result) = (new long[3], AnchorSet.Of(profile.Anchors.Grid(640, 480)), new Assignment());
        for (var image = 0; image < data.Images.Count; image++)
        {
            var truths = new Truths();
            var (start, end) = data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var (x, y, width, height) = data.Boxes.Numbers(box);
                truths.Add(new((float)x, (float)y, (float)(x + width), (float)(y + height)), data.Boxes.Class(box));
            }

            new AtssAssigner().Assign(anchors, truths, result);
            foreach (var truth in result.Truths)
                if (truth >= 0) positives[truths.Classes[truth]]++;
        }

        Assert.Equal(positives, trial.Positives);
        Assert.All(positives, count => Assert.True(count > 0));
        Assert.Equal([60L, 25, 5], trial.Matched);
        Assert.Equal(12L * anchors.Count, trial.Anchors);
    }

    [Fact]
    public void One_anchor_a_place_is_square_and_of_the_smallest_size_of_its_level()
    {
        var anchors = DetectorProfile.RetinaNet.Anchors.WithOneAnchor();
        Assert.Equal([32f, 64, 128, 256, 512], anchors.Levels.Select(level => Assert.Single(level.Sizes)));
        Assert.All(anchors.Levels, level => Assert.Equal(1, Assert.Single(level.Ratios)));
        Assert.Equal(DetectorProfile.RetinaNet.Anchors.Levels.Select(level => level.Stride), anchors.Levels.Select(level => level.Stride));
    }

    private static DetectionDataset Squares(double small, double large)
        => MadeData.Of(["c0", "c1"], Enumerable.Range(0, 10).Select(i => new MadeData.Image(640, 480, (0, 100 + i, 60, small, small), (1, 200, 90 + i, large, large))));
}
