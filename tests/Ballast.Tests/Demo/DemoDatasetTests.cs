namespace Ballast.Tests.Demo;

public sealed class DemoDatasetTests : IDisposable
{
    private const ulong KnownHash = 1887917028311363093;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "ballast-demo-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void The_same_seed_gives_the_same_bytes_with_one_thread_and_with_two()
    {
        var one = Write("one", seed: 7, threads: 1);
        var two = Write("two", seed: 7, threads: 2);
        var other = Write("other", seed: 8, threads: 2);
        Assert.Equal(14, one.Count);
        Assert.Equal(one.Keys, two.Keys);
        foreach (var (file, bytes) in one) Assert.True(bytes.AsSpan().SequenceEqual(two[file]), $"{file} differs.");
        Assert.All(one.Keys.Where(file => file.EndsWith(".png", StringComparison.Ordinal)), file => Assert.NotEqual(one[file], other[file]));
    }

    [Fact]
    public void The_data_set_loads_without_a_flaw_and_with_both_parts()
    {
        DemoDataset.Write(_folder, seed: 1, images: 20);
        var data = DetectionDataset.Load(_folder);
        Assert.Equal(0, data.Flaws.Count);
        Assert.Equal(20, data.Images.Count);
        Assert.Equal(["train", "val"], data.Images.PartNames);
        Assert.Equal(6, Enumerable.Range(0, 20).Count(image => data.Images.Part(image) == 1));
        Assert.Equal(DemoClass.All.Select(demoClass => demoClass.Name), Enumerable.Range(0, data.Classes.Count).Select(i => data.Classes[i]));
    }

    [Fact]
    public void Pixels_are_the_same_on_every_machine()
    {
        // The hash of the drawn bytes of one image; it may change only when the drawing is changed on purpose.
        var drawn = DemoImage.Draw(new(1, 300), 1, 0);
        var hash = 0UL;
        foreach (var value in drawn.Pixels.Bytes) hash = StableHash.Mix(hash + value);
        Assert.Equal(KnownHash, hash);
    }

    [Fact]
    public void Classes_are_about_100_to_1()
    {
        var plan = new DemoPlan(1, 300);
        var counts = Enumerable.Range(0, 6).Select(@class => Enumerable.Range(0, 300).Sum(image => plan.Count(image, @class))).ToArray();
        Assert.Equal(DemoClass.All.Select(demoClass => demoClass.Count), counts);
        Assert.InRange(counts[0] / (double)counts[5], 90, 110);
        Assert.Equal(90, Enumerable.Range(0, 300).Count(image => plan.Part(image) == "val"));
        Assert.InRange(Enumerable.Range(0, 300).Count(image => plan.Size(image) == (640, 480)), 150, 210);
        Assert.Contains(Enumerable.Range(0, 300), image => Enumerable.Range(0, 6).All(@class => plan.Count(image, @class) == 0));
        Assert.Contains(Enumerable.Range(0, 300), image => plan.Count(image, 0) >= 15);
    }

    [Fact]
    public void Boxes_are_tight_around_the_drawn_pixels()
    {
        var plan = new DemoPlan(3, 300);
        for (var image = 0; image < 12; image++)
        {
            var drawn = DemoImage.Draw(plan, 3, image);
            var width = drawn.Pixels.Width;
            for (var i = 0; i < drawn.Marks.Count; i++)
            {
                var mark = drawn.Marks[i];
                var alone = Alone(plan, 3, image, i, width, drawn.Pixels.Height);
                Assert.Equal(alone, mark);
                var visible = Enumerable.Range(0, drawn.Owners.Length).Where(at => drawn.Owners[at] == i).ToArray();
                Assert.All(visible, at => Assert.True(at % width >= mark.X1 && at % width < mark.X2 && at / width >= mark.Y1 && at / width < mark.Y2));
                Assert.Equal(visible.Length * 100 >= mark.Count * 30, drawn.Labels.Contains(mark));
            }
        }
    }

    [Fact]
    public void Stars_are_small_and_at_the_edges_and_rings_in_the_middle()
    {
        var plan = new DemoPlan(1, 300);
        for (var image = 0; image < 300; image++)
        {
            var (width, height) = plan.Size(image);
            foreach (var item in DemoScene.Of(plan, 1, image))
            {
                if (item.Class == 5)
                {
                    var toEdge = Math.Min(Math.Min(item.X, width - item.X), Math.Min(item.Y, height - item.Y));
                    Assert.True(toEdge < height / 8 && item.HalfSize * 30 < height);
                }

                if (item.Class == 3) Assert.True(Math.Abs(item.X - (width / 2)) <= width / 9 && Math.Abs(item.Y - (height / 2)) <= height / 9);
            }
        }
    }

    [Fact]
    public void A_folder_that_holds_something_is_left_alone()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "x");
        Assert.Contains("already holds something", Assert.Throws<InputException>(() => DemoDataset.Write(_folder, 1, 1)).Message);
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        var progress = new StopAfterFirst(stop);
        Assert.ThrowsAny<OperationCanceledException>(() => DemoDataset.Write(_folder, 1, 200, progress, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(_folder)!, Path.GetFileName(_folder) + "*"));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    /// <summary>What an object covers when it is drawn on an empty canvas.</summary>
    private static DemoMark Alone(DemoPlan plan, int seed, int image, int number, int width, int height)
    {
        var random = new DemoRandom(1);
        var canvas = new DemoCanvas(width, height);
        var painter = new DemoPainter(canvas, ref random);
        painter.Paint(DemoScene.Of(plan, seed, image)[number]);
        var covered = Enumerable.Range(0, canvas.Owners.Length).Where(at => canvas.Owners[at] == 0).ToArray();
        return new(
            painter.Marks[0].Class, covered.Min(at => at % width), covered.Min(at => at / width), covered.Max(at => at % width) + 1, covered.Max(at => at / width) + 1, covered.Length);
    }

    private SortedDictionary<string, byte[]> Write(string name, int seed, int threads)
    {
        var folder = Path.Combine(_folder, name);
        DemoDataset.Write(folder, seed, 12, new DemoDataset.Drawing(ImageCodec.Png, threads));
        return new(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => Path.GetRelativePath(folder, file), File.ReadAllBytes), StringComparer.Ordinal);
    }

    private sealed class StopAfterFirst(CancellationTokenSource stop) : IProgress<int>
    {
        public void Report(int value) => stop.Cancel();
    }
}
