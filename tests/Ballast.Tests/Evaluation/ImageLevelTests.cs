namespace Ballast.Tests.Evaluation;

public class ImageLevelTests
{
    [Fact]
    public void A_model_that_never_looks_is_97_per_cent_accurate()
    {
        // 3 of 100 images hold the class; one of the three is found, nothing else is said.
        var scene = Scene.With(1, 100);
        for (var image = 0; image < 3; image++) scene.Object(image, 0, 0, 0, 50, 50);
        scene.Found(0, 0, 0, 0, 50, 50, 0.9);
        var paradox = AccuracyParadox.Of(scene.Evaluate());
        Assert.Equal(0.97, paradox.Blind, 12);
        Assert.Equal(0.98, paradox.Accuracy, 12);
        // Of the images with it 1/3 is right, of those without all: 2/3.
        Assert.Equal(2.0 / 3, paradox.Balanced, 12);
        Assert.Equal(3, paradox.Classes[0].Images);
    }

    [Fact]
    public void A_class_in_every_image_has_no_balanced_accuracy()
        => Assert.Equal(double.NaN, AccuracyParadox.Of(Scene.With(1, 1).Object(0, 0, 0, 0, 9, 9).Evaluate()).Balanced);

    [Fact]
    public void Confusions_are_counted_with_background_on_both_sides()
    {
        // A is taken for B; another A is found; a B is missed; a B is seen where nothing is; one detection is under the threshold; one lies on a crowd.
        var scene = Scene.With(2, 1).Object(0, 0, 0, 0, 50, 50).Object(0, 0, 100, 0, 50, 50).Object(0, 1, 200, 0, 50, 50).Object(0, 1, 400, 0, 200, 200, BoxMarks.Crowd)
            .Found(0, 1, 0, 0, 50, 50, 0.9).Found(0, 0, 100, 0, 50, 50, 0.8).Found(0, 1, 300, 300, 50, 50, 0.7).Found(0, 1, 200, 0, 50, 50, 0.2).Found(0, 1, 420, 20, 30, 30, 0.95);
        var matrix = ConfusionMatrix.Of(scene.Evaluate(), threshold: 0.5);
        int[,] expected = { { 1, 1, 0 }, { 0, 0, 1 }, { 0, 1, 0 } };
        for (var truth = 0; truth < 3; truth++)
        {
            for (var detected = 0; detected < 3; detected++) Assert.Equal(expected[truth, detected], matrix[truth, detected]);
        }

        Assert.Equal([(0, 1, 1)], matrix.Confused(5));
    }

    [Fact]
    public void Calibration_is_the_distance_of_score_and_share_of_hits()
    {
        // Range 0.8 to 0.9: scores 0.85, 0.85, one hit of two: |0.85 - 0.5| = 0.35. Range 0.2 to 0.3: score 0.25, no hit: 0.25. Error (2 x 0.35 + 0.25) / 3.
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 50, 50).Found(0, 0, 0, 0, 50, 50, 0.85).Found(0, 0, 300, 0, 50, 50, 0.85).Found(0, 0, 400, 0, 50, 50, 0.25);
        var calibration = Calibration.Of(scene.Evaluate());
        Assert.Equal(0.95 / 3, calibration.Error, 12);
        Assert.Equal(2, calibration.Bins[8].Count);
        Assert.Equal(0.5, calibration.Bins[8].Precision, 12);
        Assert.Equal(double.NaN, calibration.Bins[0].Precision);
    }

    [Fact]
    public void Scores_that_are_no_probabilities_have_no_calibration()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 50, 50).Found(0, 0, 0, 0, 50, 50, 7.5);
        Assert.Equal(double.NaN, Calibration.Of(scene.Evaluate()).Error);
        Assert.Equal(double.NaN, Calibration.Of(Scene.With(1, 1).Evaluate()).Error);
    }

    [Fact]
    public void A_score_of_one_falls_into_the_last_range()
        => Assert.Equal(1, Calibration.Of(Scene.With(1, 1).Found(0, 0, 0, 0, 5, 5, 1).Evaluate()).Bins[9].Count);
}
