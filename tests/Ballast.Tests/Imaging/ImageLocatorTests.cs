namespace Ballast.Tests.Imaging;

public class ImageLocatorTests
{
    private static readonly byte[] Any = [1];

    [Theory]
    [InlineData("a.jpg", "a.jpg")]
    [InlineData("images/a.jpg", "a.jpg")]
    [InlineData("JPEGImages/a.jpg", "a.jpg")]
    [InlineData("train/images/a.jpg", "train/images/a.jpg")]
    [InlineData("train/images/a.jpg", @"train\images\a.jpg")]
    [InlineData("deep/down/here/a.jpg", "a.jpg")]
    [InlineData("images/a.JPG", "a.jpg")]
    [InlineData("IMAGES/A.jpg", "images/a.jpg")]
    [InlineData("images/a.jpg", "https://example.org/files/a.jpg?size=large#top")]
    [InlineData("images/a b.jpg", "https://example.org/files/a%20b.jpg")]
    [InlineData("images/a.jpg", "/home/somebody/project/images/a.jpg")]
    [InlineData("images/a.jpg", @"C:\Users\somebody\images\a.jpg")]
    [InlineData("images/a.jpg", "./other/../a.jpg")]
    [InlineData("train/images/a.jpg", "../train/images/a.jpg")]
    [InlineData("images/0a1b.jpeg", "0a1b")]
    public void A_file_is_found_where_the_name_may_mean(string file, string name)
    {
        using var folder = new TestFolder();
        var path = folder.Put("set/" + file, Any);
        AssertSame(path, Locator(folder["set"]).Find(name));
    }

    [Fact]
    public void Names_start_at_the_annotations_folder_first_then_at_the_root()
    {
        using var folder = new TestFolder();
        folder.Put("images/a.jpg", Any);
        var own = folder.Put("sub/images/a.jpg", Any);
        var other = folder.Put("images/b.jpg", Any);
        AssertSame(own, Locator(folder.Path, "sub").Find("a.jpg"));
        AssertSame(other, Locator(folder.Path, "sub").Find("b.jpg"));
        AssertSame(other, Locator(folder.Path, "sub").Find("../images/b.jpg"));
    }

    [Fact]
    public void The_parent_and_its_folders_are_searched_as_COCO_and_Roboflow_lay_them_out()
    {
        using var folder = new TestFolder();
        folder.Put("coco/annotations/train.json", Any);
        var beside = folder.Put("coco/train2017/a.jpg", Any);
        var below = folder.Put("coco/images/val2017/b.jpg", Any);
        var up = folder.Put("coco/valid/images/c.jpg", Any);
        var locator = Locator(folder["coco/annotations"]);
        AssertSame(beside, locator.Find("a.jpg"));
        AssertSame(below, locator.Find("b.jpg"));
        AssertSame(up, locator.Find("../valid/images/c.jpg"));
        Assert.Equal(ImageSearchOutcome.Missing, locator.Search("d.jpg").Outcome);
    }

    [Fact]
    public void A_name_that_several_files_have_is_not_guessed_unless_its_path_tells()
    {
        using var folder = new TestFolder();
        folder.Put("train/x/a.jpg", Any);
        var meant = folder.Put("val/x/a.jpg", Any);
        var locator = Locator(folder.Path);
        var search = locator.Search("a.jpg");
        Assert.Equal(ImageSearchOutcome.Ambiguous, search.Outcome);
        Assert.Null(search.Place);
        Assert.Contains(Path.Combine("train", "x", "a.jpg").Replace('\\', '/'), search.Detail.Replace('\\', '/'), StringComparison.Ordinal);
        AssertSame(meant, locator.Find("/elsewhere/val/x/a.jpg"));
    }

    [Fact]
    public void Two_folders_beside_the_annotations_with_the_same_name_are_ambiguous()
    {
        using var folder = new TestFolder();
        folder.Put("coco/annotations/train.json", Any);
        folder.Put("coco/train/a.jpg", Any);
        folder.Put("coco/val/a.jpg", Any);
        Assert.Equal(ImageSearchOutcome.Ambiguous, Locator(folder["coco/annotations"]).Search("a.jpg").Outcome);
    }

    [Fact]
    public void Exact_case_wins_over_another_case()
    {
        using var folder = new TestFolder();
        folder.Put("x/A.jpg", Any);
        var exact = folder.Put("y/a.jpg", Any);
        AssertSame(exact, Locator(folder.Path).Find("a.jpg"));
    }

    [Fact]
    public void Steps_upwards_never_leave_the_parent()
    {
        using var folder = new TestFolder();
        folder.Put("secret/a.jpg", Any);
        Directory.CreateDirectory(folder["one/two/set"]);
        var search = Locator(folder["one/two/set"]).Search("../../../secret/a.jpg");
        Assert.Equal(ImageSearchOutcome.Outside, search.Outcome);
        Assert.Null(search.Place);
        AssertSame(folder["secret/a.jpg"], Locator(folder["one/two/set"], allowOutside: true).Find("../../../secret/a.jpg"));
    }

    [Fact]
    public void An_absolute_path_outside_is_refused_and_one_inside_is_read()
    {
        using var folder = new TestFolder();
        var secret = folder.Put("secret/a.jpg", Any);
        var inside = folder.Put("one/two/set/pictures/b.jpg", Any);
        var locator = Locator(folder["one/two/set"]);
        Assert.Equal(ImageSearchOutcome.Outside, locator.Search(secret).Outcome);
        AssertSame(inside, locator.Find(inside));
        AssertSame(secret, Locator(folder["one/two/set"], allowOutside: true).Find(secret));
    }

    [Fact]
    public void A_link_that_leads_outside_is_refused_and_one_that_stays_is_followed()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need rights on Windows.");
        using var folder = new TestFolder();
        folder.Put("secret/a.jpg", Any);
        folder.Put("one/two/set/real/b.jpg", Any);
        folder.Link("one/two/set/a.jpg", folder["secret/a.jpg"]);
        folder.Link("one/two/set/images", folder["secret"]);
        folder.Link("one/two/set/c.jpg", folder["one/two/set/real/b.jpg"]);
        folder.Link("one/two/set/circle.jpg", folder["one/two/set/circle.jpg"]);
        var locator = Locator(folder["one/two/set"]);
        var search = locator.Search("a.jpg");
        Assert.Equal(ImageSearchOutcome.Outside, search.Outcome);
        Assert.Contains("leads to", search.Detail, StringComparison.Ordinal);
        Assert.Equal(ImageSearchOutcome.Outside, locator.Search("images/a.jpg").Outcome);
        Assert.NotNull(locator.Find("c.jpg"));
        Assert.Null(locator.Find("circle.jpg"));
        Assert.NotNull(Locator(folder["one/two/set"], allowOutside: true).Find("a.jpg"));
        Assert.NotNull(Locator(folder["one/two/set"], images: [folder["secret"]]).Find("images/a.jpg"));
    }

    [Fact]
    public void A_root_that_is_itself_a_link_is_what_the_person_named()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need rights on Windows.");
        using var folder = new TestFolder();
        folder.Put("disk/set/images/a.jpg", Any);
        Directory.CreateDirectory(folder["home/me"]);
        folder.Link("home/me/set", folder["disk/set"]);
        Assert.NotNull(Locator(folder["home/me/set"]).Find("a.jpg"));
    }

    [Fact]
    public void Folders_and_zips_that_a_person_named_are_searched()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["set"]);
        var a = folder.Put("pictures/a.jpg", Any);
        var zip = folder.Zip("more.zip", ("export/images/b.jpg", Any));
        var locator = Locator(folder["set"], images: [folder["pictures"], zip]);
        AssertSame(a, locator.Find("somewhere/a.jpg"));
        using var stream = ImageLocator.Open(locator.Find("b.jpg")!);
        Assert.Equal(1, stream.ReadByte());
        Assert.Contains(locator.Searched, place => place == folder["pictures"]);
        Assert.Contains(locator.Searched, place => place == zip);
    }

    [Fact]
    public void A_named_folder_that_does_not_exist_is_an_error_and_not_an_empty_one()
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<InputException>(() => Locator(folder.Path, images: [folder["nowhere"]]).Find("a.jpg"));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_is_searched_like_a_folder_and_has_no_outside()
    {
        using var folder = new TestFolder();
        var zip = folder.Zip("set.zip", ("top/annotations/a.xml", Any), ("top/images/a.jpg", Any), ("top/images/B.PNG", Any));
        var locator = Locator(zip, "top/annotations");
        Assert.Equal("top/images/a.jpg", locator.Find("a.jpg")!.Entry);
        Assert.Equal("top/images/a.jpg", locator.Find("../images/a.jpg")!.Entry);
        Assert.Equal("top/images/B.PNG", locator.Find("b.png")!.Entry);
        Assert.Null(locator.Find("../../../../etc/passwd"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("/")]
    [InlineData("a\0.jpg")]
    [InlineData("https://example.org/")]
    [InlineData("https://example.org/%2e%2e")]
    [InlineData("https://example.org/..%2fa.jpg")]
    [InlineData("images")]
    public void Names_that_name_no_file_find_nothing(string name)
    {
        using var folder = new TestFolder();
        folder.Put("images/a.jpg", Any);
        Assert.Null(Locator(folder.Path).Find(name));
    }

    [Fact]
    public void Many_threads_find_the_same()
    {
        using var folder = new TestFolder();
        for (var i = 0; i < 50; i++) folder.Put($"deep/{i % 5}/{i}.jpg", Any);
        var locator = Locator(folder.Path);
        var found = new string[200];
        Parallel.For(0, found.Length, i => found[i] = locator.Find($"{i % 50}.JPG")!.Entry);
        for (var i = 0; i < found.Length; i++) Assert.Equal($"deep/{i % 50 % 5}/{i % 50}.jpg", found[i]);
    }

    private static ImageLocator Locator(string path, string folder = "", string[]? images = null, bool allowOutside = false)
        => new(FileTree.OpenTree(path), folder, images ?? [], allowOutside);

    private static void AssertSame(string path, ImagePlace? place)
    {
        Assert.NotNull(place);
        Assert.Equal(Path.GetFullPath(path), Path.GetFullPath(place.Display), ignoreCase: OperatingSystem.IsWindows() || OperatingSystem.IsMacOS());
    }
}
