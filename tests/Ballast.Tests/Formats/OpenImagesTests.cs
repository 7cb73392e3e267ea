namespace Ballast.Tests.Formats;

public sealed class OpenImagesTests : IDisposable
{
    private const string Header = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n";
    private readonly AnnotationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_are_read_by_the_names_of_columns_with_names_of_classes_and_sizes_of_images()
    {
        _folder.Add("train-annotations-bbox.csv", Header + "a1,xclick,/m/02,1,0.1,0.5,0.2,0.4,0,1,0,0,0\na1,xclick,/m/01,1,0,1,0,1,1,0,1,1,1\n")
            .Add("class-descriptions-boxable.csv", "/m/01,Cat\n/m/02,\"Dog, big\"\n/m/03,Nothing\n").AddImage("train/a1.png", 200, 100);
        var data = _folder.Load();
        Assert.Equal("open-images", data.Source.Format);
        Assert.Equal(["Cat", "Dog, big", "Nothing"], data.Classes);
        Assert.Equal("/m/02", data.Classes.Code(1));
        Assert.Equal((0.1, 0.2, 0.5, 0.4), data.Boxes.Numbers(0));
        Assert.Equal(1, data.Boxes.Class(0));
        Assert.Equal(BoxMarks.Truncated, data.Boxes.Marks(0));
        Assert.Equal(BoxMarks.Occluded | BoxMarks.Crowd | BoxMarks.Depiction | BoxMarks.Inside, data.Boxes.Marks(1));
        Assert.True(data.Boxes.IsIgnored(1));
        Assert.Equal((200, 100), (data.Images.Width(0), data.Images.Height(0)));
        Assert.Equal("train/a1.png", data.Images.File(0));
        Assert.Equal(["train"], data.Images.PartNames);
        Assert.Equal(0, data.Flaws.Count);
    }

    [Fact]
    public void Decimal_commas_and_empty_flags_are_flaws_and_are_read()
    {
        _folder.Add("boxes.csv", "LabelName,ImageID,XMin,YMin,XMax,YMax,IsOccluded,IsGroupOf\ncat,a,\"0,25\",\"0,5\",0.75,1,,\n").AddImage("a.png");
        var data = _folder.Load();
        Assert.Equal((0.25, 0.5, 0.75, 1), data.Boxes.Numbers(0));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.DecimalComma));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.FlagEmpty));
        Assert.Equal(2, data.Flaws.Listed.First().Line);
    }

    [Fact]
    public void Image_lists_keep_images_without_boxes_and_tell_unknown_ones()
    {
        _folder.Add("validation-annotations-bbox.csv", Header + "a,x,cat,1,0,1,0,1,0,0,0,0,0\nz,x,cat,1,0,1,0,1,0,0,0,0,0\n")
            .Add("validation-images-with-rotation.csv", "ImageID,Subset,OriginalURL,Rotation\na,validation,http://x/a.jpg,0.0\nb,validation,http://x/b.jpg,90.0\n").AddImage("validation/a.png").AddImage("validation/b.png");
        var data = _folder.Load();
        Assert.Equal(2, data.Images.Count);
        Assert.Equal(1, data.Boxes.Count);
        Assert.Equal(1, data.UnplacedBoxes);
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.UnknownImage));
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageRotated));
    }

    [Fact]
    public void Labels_of_confidence_zero_are_classes_known_to_be_absent()
    {
        _folder.Add("test-annotations-bbox.csv", Header + "a,x,/m/1,1,0,1,0,1,0,0,0,0,0\n").Add("class-descriptions.csv", "/m/1,one\n/m/2,two\n/m/3,three\n")
            .Add("test-annotations-human-imagelabels.csv", "ImageID,Source,LabelName,Confidence\na,verification,/m/3,0\na,verification,/m/1,1\na,verification,/m/2,0\n").AddImage("a.png");
        Assert.Equal([1, 2], _folder.Load().Images.AbsentClasses(0).ToArray());
    }

    [Fact]
    public void Parts_are_chosen_by_their_name_or_another_word_for_it()
    {
        foreach (var part in (string[])["train", "validation"]) _folder.Add($"{part}-annotations-bbox.csv", Header + $"{part},x,cat,1,0,1,0,1,0,0,0,0,0\n");
        Assert.Equal(2, _folder.Load().Images.Count);
        Assert.Equal("validation", _folder.Load(new() { Part = "val" }).Images.File(0));
        Assert.Equal(1, DetectionDataset.Load(_folder["train-annotations-bbox.csv"]).Images.Count);
    }

    [Fact]
    public void Rows_that_name_no_image_class_or_number_are_flaws()
    {
        string[] rows =
        [
            ",x,cat,1,0,1,0,1,0,0,0,0,0", "a,x,,1,0,1,0,1,0,0,0,0,0", "a,x,cat,1,zero,1,0,1,0,0,0,0,0", "a,x,cat", "\"never closed,x,cat,1,0,1,0,1,0,0,0,0,0",
            "a,x,cat,1,0,.5,0,1,0,0,0,0,0",
        ];
        var data = _folder.Add("boxes.csv", Header + string.Join('\n', rows)).AddImage("a.png").Load();
        Assert.Equal(2, data.Flaws.Listed.Single(flaw => flaw.Code == FlawCode.LineMalformed).Line);
        Assert.Equal([3L, 6], data.Flaws.Listed.Where(flaw => flaw.Code == FlawCode.UnknownClass).Select(flaw => flaw.Line));
        Assert.Equal(3, data.Flaws.CountOf(FlawCode.BoxNotFinite));
        Assert.Equal((0, 0, 0.5, 1), data.Boxes.Numbers(data.Boxes.Of(0).End - 1));
    }

    [Fact]
    public void A_size_that_no_image_gives_is_a_flaw()
    {
        var data = _folder.Add("boxes.csv", Header + "a,x,cat,1,0,1,0,1,0,0,0,0,0\n").Load();
        Assert.Equal(1, data.Flaws.CountOf(FlawCode.ImageSizeMissing));
        Assert.False(data.Images.HasSize(0));
    }
}
