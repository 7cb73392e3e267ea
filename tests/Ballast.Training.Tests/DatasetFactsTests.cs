namespace Ballast.Training.Tests;

public class DatasetFactsTests
{
    [Fact]
    public void Objects_and_images_of_each_class_are_counted_without_regions_to_ignore()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("data.json"), """
            { "images": [ { "id": 1, "file_name": "a.jpg", "width": 50, "height": 50 }, { "id": 2, "file_name": "b.jpg", "width": 50, "height": 50 } ],
              "categories": [ { "id": 3, "name": "cup" }, { "id": 5, "name": "pen" }, { "id": 9, "name": "fox" } ],
              "annotations": [
                { "id": 1, "image_id": 1, "category_id": 3, "bbox": [1, 1, 9, 9] }, { "id": 2, "image_id": 1, "category_id": 3, "bbox": [5, 5, 9, 9] },
                { "id": 3, "image_id": 2, "category_id": 5, "bbox": [1, 1, 9, 9] },
                { "id": 4, "image_id": 2, "category_id": 3, "bbox": [1, 1, 9, 9], "iscrowd": 1 } ] }
            """);
        var facts = DatasetFacts.Of(DetectionDataset.Load(folder.At("data.json")));
        facts.Validate();
        Assert.Equal<string>(["cup", "pen", "fox"], facts.Classes);
        Assert.Equal<long>([2, 1, 0], facts.Objects);
        Assert.Equal<long>([1, 1, 0], facts.ImagesWith);
        Assert.Equal(2, facts.Images);
        Assert.Equal(facts, RecipeReader.Parse<DatasetFacts>(RecipeReader.ToJson(facts)));
    }

    [Fact]
    public void Counts_that_are_not_one_for_each_class_are_refused()
    {
        var facts = new DatasetFacts { Classes = ["a", "b"], Objects = [1], ImagesWith = [1, 1], Images = 1 };
        Assert.Contains("has 2 classes, 1 counts of objects and 2 of images", Assert.Throws<InputException>(facts.Validate).Message);
        Assert.Throws<InputException>(() => facts with { PositiveAnchorFraction = 0 });
    }

    [Fact]
    public void Guided_losss_prior_spreads_the_positive_anchors_over_the_classes()
    {
        var facts = new DatasetFacts { Classes = ["a", "b"], Objects = [1, 1], ImagesWith = [1, 1], Images = 1 };
        Assert.Null(PriorProbability.Guided(facts));
        Assert.Equal(1e-4, PriorProbability.Guided(facts with { PositiveAnchorFraction = 2e-4 })!.Value, 1e-12);
    }
}
