namespace Ballast.Tests.Evaluation;

public class LocalizationRecallPrecisionTests
{
    [Fact]
    public void The_error_of_a_set_is_computed_by_hand()
    {
        // Hits with IoU 0.9, 0.7, 0.6; one false alarm; two misses; tau 0.5.
        // Localisation: (0.1 + 0.3 + 0.4) / (1 - 0.5) = 1.6. LRP = (1.6 + 1 + 2) / (3 + 1 + 2) = 4.6 / 6 = 0.766667.
        // Parts: mean 1 - IoU = 0.8 / 3 = 0.266667; false alarms 1 / 4; misses 2 / 5.
        var error = LrpError.Of(0.1 + 0.3 + 0.4, hits: 3, falseAlarms: 1, misses: 2, tau: 0.5, threshold: 0.3);
        Assert.Equal(4.6 / 6, error.Error, 12);
        Assert.Equal(0.8 / 3, error.Localization, 12);
        Assert.Equal(0.25, error.FalseAlarms, 12);
        Assert.Equal(0.4, error.Misses, 12);
    }

    [Fact]
    public void The_optimum_is_found_at_the_right_detection()
    {
        // Three objects 100 wide; a hit shifted by s has IoU (100 - s) / (100 + s).
        // Score 0.9: IoU 0.8 (s = 100/9); 0.8: false alarm; 0.7: IoU 0.9 (s = 100/19); 0.3: false alarm. LRP after each:
        //   1 hit, 0 alarms, 2 misses: (0.4 + 0 + 2) / 3          = 0.80
        //   1 hit, 1 alarm,  2 misses: (0.4 + 1 + 2) / 4          = 0.85
        //   2 hits, 1 alarm, 1 miss:   (0.4 + 0.2 + 1 + 1) / 4    = 0.65  <- optimum: score 0.7, loc (0.2 + 0.1) / 2, alarms 1/3, misses 1/3
        //   2 hits, 2 alarms, 1 miss:  (0.6 + 2 + 1) / 5          = 0.72
        var lrp = LocalizationRecallPrecision.Of(ThreeObjects().Evaluate());
        var best = lrp.Classes[0];
        Assert.Equal(0.65, best.Error, 12);
        Assert.Equal(0.7, best.Threshold);
        Assert.Equal(0.15, best.Localization, 12);
        Assert.Equal(1.0 / 3, best.FalseAlarms, 12);
        Assert.Equal(1.0 / 3, best.Misses, 12);
        Assert.Equal(0.65, lrp.Overall.Error, 12);
    }

    [Fact]
    public void Equal_scores_are_never_parted()
    {
        // The false alarm has the score of the first hit, so a threshold takes both or neither: 0.85 instead of 0.80 at the top.
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 100, 100).Object(0, 0, 200, 0, 100, 100)
            .Found(0, 0, 0, 0, 100, 100, 0.9).Found(0, 0, 450, 0, 100, 100, 0.9);
        // 1 exact hit, 1 alarm, 1 miss: (0 + 1 + 1) / 3.
        Assert.Equal(2.0 / 3, LocalizationRecallPrecision.Of(scene.Evaluate()).Classes[0].Error, 12);
    }

    [Fact]
    public void A_class_that_is_never_found_has_error_one_and_no_threshold()
    {
        var lrp = LocalizationRecallPrecision.Of(Scene.With(2, 1).Object(0, 0, 0, 0, 10, 10).Found(0, 0, 50, 50, 10, 10, 0.5).Evaluate());
        Assert.Equal(LrpError.NothingFound, lrp.Classes[0]);
        Assert.Equal(LrpError.Undefined, lrp.Classes[1]);
        Assert.Equal(1, lrp.Overall.Error);
        Assert.Equal(double.NaN, lrp.Overall.Localization);
    }

    [Fact]
    public void What_lies_on_a_crowd_is_neither_right_nor_wrong()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 100, 100).Object(0, 0, 300, 0, 200, 200, BoxMarks.Crowd).Found(0, 0, 0, 0, 100, 100, 0.9).Found(0, 0, 310, 10, 50, 50, 0.95);
        Assert.Equal(0, LocalizationRecallPrecision.Of(scene.Evaluate()).Classes[0].Error, 12);
    }

    private static Scene ThreeObjects() => Scene.With(1, 1)
        .Object(0, 0, 0, 0, 100, 100).Object(0, 0, 300, 0, 100, 100).Object(0, 0, 0, 300, 100, 100)
        .Found(0, 0, 100.0 / 9, 0, 100, 100, 0.9).Found(0, 0, 450, 300, 50, 50, 0.8)
        .Found(0, 0, 300 + (100.0 / 19), 0, 100, 100, 0.7).Found(0, 0, 550, 300, 50, 50, 0.3);
}
