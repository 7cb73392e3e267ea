using Ballast.Tests.Evaluation;

namespace Ballast.Tests.Demo;

public class DemoDetectionsTests
{
    [Fact]
    public void The_same_seed_gives_the_same_detections_and_another_one_others()
    {
        var truth = Skewed();
        Assert.Equal(DemoDetections.Of(truth, 3), DemoDetections.Of(truth, 3));
        Assert.NotEqual(DemoDetections.Of(truth, 3), DemoDetections.Of(truth, 4));
    }

    [Fact]
    public void What_is_found_in_an_image_does_not_depend_on_the_order_of_images()
    {
        var (forward, backward) = (Skewed(), Skewed(reversed: true));
        var expected = DemoDetections.Of(forward, 3).Select(d => d with { Image = (int)forward.Images.Id(d.Image) }).Where(d => d.Image == 7);
        Assert.Equal(expected, DemoDetections.Of(backward, 3).Select(d => d with { Image = (int)backward.Images.Id(d.Image) }).Where(d => d.Image == 7));
    }

    [Fact]
    public void The_file_reads_back_as_it_was()
    {
        var truth = Skewed();
        var path = Path.Combine(Path.GetTempPath(), $"ballast-demo-{Guid.NewGuid():N}.json");
        try
        {
            DemoDetections.Write(truth, path, 3);
            var table = DetectionResults.Read(path, truth, new() { Classes = ClassNaming.Id });
            var detections = DemoDetections.Of(truth, 3);
            Assert.Equal(0, table.Flaws.Count);
            Assert.Equal(detections.Select(d => d.Score), table.Scores.ToArray());
            Assert.Equal(detections.Select(d => d.X), table.X.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Rare_small_and_cut_off_objects_are_found_less_and_scores_mean_something()
    {
        var truth = Skewed(images: 600);
        var evaluation = CocoEvaluation.Of(truth, DetectionTable.Create(truth, DemoDetections.Of(truth, 1)));
        Assert.True(evaluation.Classes[0].Figures.AR100 > evaluation.Classes[1].Figures.AR100 + 0.1, "rare");
        Assert.True(evaluation.Overall.ARm > evaluation.Overall.ARs + 0.05, "small");
        Assert.InRange(Calibration.Of(evaluation).Error, 0, 0.3);
        Assert.True(evaluation.Overall.AP is > 0.2 and < 0.9, $"{evaluation.Overall.AP}");
    }

    [Fact]
    public void A_truth_without_anything_gets_no_detection()
    {
        Assert.Empty(DemoDetections.Of(new Scene().Dataset(), 1));
        Assert.Empty(DemoDetections.Of(Scene.With(0, 2).Dataset(), 1));
    }

    /// <summary>Each image has a large and a small object of class 0; every twentieth one a large object of class 1.</summary>
    private static DetectionDataset Skewed(int images = 60, bool reversed = false)
    {
        var scene = new Scene();
        scene.AddClass("common");
        scene.AddClass("rare");
        for (var i = 0; i < images; i++)
        {
            var id = reversed ? images - i : i + 1;
            var image = scene.AddImage(id);
            scene.Object(image, 0, 100, 100, 80, 60).Object(image, 0, 300, 200, 18, 18);
            if (id % 20 == 7) scene.Object(image, 1, 400, 100, 80, 80);
        }

        return scene.Dataset();
    }
}
