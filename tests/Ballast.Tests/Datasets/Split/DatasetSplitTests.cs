using System.Globalization;

namespace Ballast.Tests.Datasets;

public class DatasetSplitTests
{
    private static readonly (string, double)[] Parts = [("train", 0.8), ("val", 0.2)];

    [Fact]
    public void Every_part_has_its_share_of_every_class_the_rarest_too()
    {
        var data = Made(500, image => [.. Enumerable.Repeat(0, 1 + (image % 7)), .. image % 3 == 0 ? [1] : Array.Empty<int>(), .. image % 50 == 0 ? [2, 2] : Array.Empty<int>()]);
        var split = DatasetSplit.Stratified(data, Parts, seed: 3);
        foreach (var (name, share) in Parts)
        {
            var part = split.Of(data, name);
            Assert.Equal(500 * share, part.Images.Count, tolerance: 12);
            for (var k = 0; k < 3; k++) Assert.Equal(share * Objects(data, k), Objects(part, k), tolerance: 2 + (0.02 * Objects(data, k)));
        }

        Assert.Equal(4, Objects(split.Of(data, "val"), 2));
    }

    [Fact]
    public void Parts_share_no_image_and_lose_none()
    {
        var data = Made(41, image => image % 4 == 0 ? [] : [image % 3]);
        var split = DatasetSplit.Stratified(data, [("a", 0.5), ("b", 0.3), ("c", 0.2)], seed: 1);
        Assert.Equal(Enumerable.Range(0, 41).Select(data.Images.File).Order(StringComparer.Ordinal), split.Parts.SelectMany(part => part.Images).Order(StringComparer.Ordinal));
        Assert.Equal(data.Boxes.Count, split.Parts.Sum(part => split.Of(data, part.Name).Boxes.Count));
    }

    [Fact]
    public void The_order_of_the_annotations_does_not_matter_and_the_seed_does()
    {
        int[] ClassesOf(int image) => [.. Enumerable.Range(0, 1 + (image % 5)).Select(each => (image + each) % 3)];
        var (data, turned) = (Made(120, ClassesOf), Made(120, ClassesOf, order: image => 119 - image));
        Assert.Equal(DatasetSplit.Stratified(data, Parts, 7), DatasetSplit.Stratified(turned, Parts, 7));
        Assert.NotEqual(DatasetSplit.Stratified(data, Parts, 7), DatasetSplit.Stratified(data, Parts, 8));
    }

    [Fact]
    public void Images_of_a_group_stay_together_and_so_do_images_of_one_file()
    {
        var data = Made(60, image => [image % 2], group: image => $"scene {image / 6}", file: image => image == 59 ? "0000.jpg" : null);
        var split = DatasetSplit.Stratified(data, Parts, seed: 2);
        foreach (var images in Enumerable.Range(0, 60).GroupBy(image => data.Images.File(image) == "0000.jpg" ? 0 : image / 6))
        {
            if (images.Key is not (0 or 9)) Assert.Single(images.Select(image => split.Parts.Single(part => part.Images.Contains(data.Images.File(image))).Name).Distinct());
        }

        // The file that stands in the first and the last scene ties the two.
        Assert.Single(new[] { 1, 55 }.Select(image => split.Parts.Single(part => part.Images.Contains(data.Images.File(image))).Name).Distinct());
    }

    [Fact]
    public void A_split_is_its_own_JSON_form()
    {
        var split = DatasetSplit.Stratified(Made(10, image => [image % 2]), Parts, seed: 4);
        Assert.Equal(split, RecipeReader.Parse<DatasetSplit>(RecipeReader.ToJson(split)));
    }

    [Fact]
    public void A_split_of_images_that_are_gone_is_refused_by_name()
    {
        var split = DatasetSplit.Stratified(Made(10, _ => [0]), Parts);
        var error = Assert.Throws<InputException>(() => split.Of(Made(9, _ => [0]), split.Parts.Single(part => part.Images.Contains("0009.jpg")).Name));
        Assert.Contains("'0009.jpg'", error.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => split.Of(Made(10, _ => [0]), "test"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Fewer_images_than_parts_is_refused(int images)
        => Assert.Contains("too few for 2 parts", Assert.Throws<InputException>(() => DatasetSplit.Stratified(Made(images, _ => [0]), Parts)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_part_is_empty_however_small_its_share()
    {
        var split = DatasetSplit.Stratified(Made(3, _ => [0]), [("train", 0.99), ("val", 0.01)]);
        Assert.Equal([2, 1], split.Parts.Select(part => part.Images.Count));
    }

    [Fact]
    public void Shares_that_do_not_sum_to_one_are_refused()
        => Assert.Throws<InputException>(() => DatasetSplit.Stratified(Made(5, _ => [0]), [("a", 0.5), ("b", 0.4)]));

    [Fact]
    public void A_subset_keeps_what_the_file_says_of_its_images()
    {
        var data = Made(6, image => [image % 3, 0], group: image => $"g{image % 2}");
        var part = data.Subset([1, 4]);
        Assert.Equal(["0001.jpg", "0004.jpg"], new[] { part.Images.File(0), part.Images.File(1) });
        Assert.Equal([data.Images.Id(1), data.Images.Id(4)], new[] { part.Images.Id(0), part.Images.Id(1) });
        Assert.Equal(data.Images.Group(4), part.Images.Group(1));
        Assert.Equal(4, part.Boxes.Count);
        Assert.Equal(data.Boxes.Numbers(data.Boxes.FirstOf(4)), part.Boxes.Numbers(part.Boxes.FirstOf(1)));
        Assert.Equal(data.Boxes.Class(data.Boxes.FirstOf(4)), part.Boxes.Class(part.Boxes.FirstOf(1)));
        Assert.Throws<InputException>(() => data.Subset([4, 1]));
        Assert.Equal(0, data.Subset([]).Images.Count);
    }

    [Fact]
    public void Classes_in_another_order_are_the_same_objects()
    {
        var data = Made(6, image => [image % 3]);
        var turned = data.WithClassOrder(["star", "ball", "ring"]);
        Assert.Equal(["star", "ball", "ring"], turned.Classes);
        for (var box = 0; box < data.Boxes.Count; box++) Assert.Equal(data.Classes[data.Boxes.Class(box)], turned.Classes[turned.Boxes.Class(box)]);
        Assert.Equal(data.Classes.Id(2), turned.Classes.Id(0));
        Assert.Throws<InputException>(() => data.WithClassOrder(["star", "ball", "cube"]));
    }

    private static int Objects(DetectionDataset data, int @class) => data.Boxes.Classes.ToArray().Count(each => each == @class);

    private static DetectionDataset Made(int images, Func<int, int[]> classes, Func<int, string>? group = null, Func<int, string?>? file = null, Func<int, int>? order = null)
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        foreach (var (name, id) in new[] { ("ball", 1), ("ring", 2), ("star", 3) }) builder.AddClass(name, id);
        for (var place = 0; place < images; place++)
        {
            var image = order?.Invoke(place) ?? place;
            var name = file?.Invoke(image) ?? string.Create(CultureInfo.InvariantCulture, $"{image:0000}.jpg");
            builder.AddImage(100 + image, name, 64, 64, group: group?.Invoke(image));
            foreach (var (@class, index) in classes(image).Select((@class, index) => (@class, index))) builder.AddBox(place, @class, image, index, 10, 10);
        }

        return builder.Build("made", new("coco", "made.json", new FolderTree(Path.GetTempPath())));
    }
}
