namespace Ballast.Tests.Evaluation;

public class ResampledPrecisionTests
{
    [Fact]
    public void A_replicate_is_the_evaluation_of_the_images_as_often_as_they_are_drawn()
    {
        const int Replicates = 24;
        var scene = RandomScene.Draw(new(ObjectsPerImage: 0.8), 20, new Random(11), classes: 2);
        var evaluation = scene.Evaluate();
        for (var area = 0; area < 4; area++)
        {
            var weights = new ImageWeights(evaluation.Truth.Images, 5, Replicates);
            var run = EvaluationIntervals.Replicate(evaluation, weights, area);
            for (var r = 0; r < Replicates; r++)
            {
                var drawn = Drawn(scene, image => weights.Of(image, r)).Evaluate();
                for (var k = 0; k < scene.ClassCount; k++)
                {
                    for (var metric = 0; metric < ResampledPrecision.Metrics; metric++) Assert.Equal(drawn.Metric(k, metric, area), run.Of(metric, k)[r], 12);
                }
            }
        }
    }

    [Fact]
    public void Weights_are_those_of_the_diagnosis_and_average_one()
    {
        var images = RandomScene.Draw(new(), 300, new Random(2)).Dataset().Images;
        var weights = new ImageWeights(images, 9, PoissonWeights.Replicates);
        var poisson = new PoissonWeights();
        var sum = 0.0;
        for (var image = 0; image < images.Count; image++)
        {
            poisson.Draw(9, images.File(image));
            for (var r = 0; r < PoissonWeights.Replicates; r++)
            {
                Assert.Equal(poisson.Weights[r + 1], weights.Of(image, r));
                sum += weights.Of(image, r);
            }
        }

        Assert.InRange(sum / (images.Count * PoissonWeights.Replicates), 0.98, 1.02);
    }

    [Fact]
    public void A_class_without_truths_is_in_no_mean_and_a_replicate_without_any_is_undefined()
    {
        var evaluation = Scene.With(2, 1).Object(0, 0, 0, 0, 10, 10).Found(0, 0, 0, 0, 10, 10, 0.5).Evaluate();
        var run = EvaluationIntervals.Replicate(evaluation, new(evaluation.Truth.Images, 1, 100), 0);
        var mean = run.Mean(0, [0, 1]);
        for (var r = 0; r < run.Replicates; r++)
        {
            Assert.Equal(double.NaN, run.Of(0, 1)[r]);
            Assert.Equal(run.Of(0, 0)[r], mean[r]);
        }

        Assert.Contains(mean, double.IsNaN);
        Assert.Contains(mean, value => Math.Abs(value - 1) < 1e-12);
    }

    /// <summary>The scene with every image as often as it is drawn.</summary>
    private static Scene Drawn(Scene scene, Func<int, int> weight)
    {
        var drawn = new Scene();
        for (var k = 0; k < scene.ClassCount; k++) drawn.AddClass($"class{k}");
        for (var image = 0; image < scene.ImageCount; image++)
        {
            for (var copy = 0; copy < weight(image); copy++)
            {
                var at = drawn.AddImage(drawn.ImageCount + 1);
                drawn.Truths.AddRange(scene.Truths.Where(truth => truth.Image == image).Select(truth => truth with { Image = at }));
                drawn.Detections.AddRange(scene.Detections.Where(detection => detection.Image == image).Select(detection => detection with { Image = at }));
            }
        }

        return drawn;
    }
}
