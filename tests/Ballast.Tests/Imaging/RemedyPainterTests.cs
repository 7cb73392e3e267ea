namespace Ballast.Tests.Imaging;

public class RemedyPainterTests
{
    private const int Gap = 8;

    private static readonly DetectorProfile Small = DetectorProfile.RetinaNet with { Input = InputSize.Parse("240x320") };

    public static TheoryData<string> Kinds => [.. RemedyPainter.Paintable.Select(remedy => remedy.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_remedy_that_can_be_seen_is_painted_the_same_way_each_time(string kind)
    {
        using var folder = new TestFolder();
        var data = Scene(folder);
        var remedy = Remedies.Named(kind);
        var first = new RemedyPainter(data, Small, remedy, gradients: Hardness).Paint(0)!;
        var second = new RemedyPainter(data, Small, remedy, gradients: Hardness).Paint(0)!;
        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
        var panels = Panels(remedy);
        Assert.Equal((panels * 640) + ((panels - 1) * Gap), first.Width);
        Assert.InRange(first.Height, 520, 800);
    }

    [Fact]
    public void Positives_are_dots_where_their_centres_are_and_objects_are_framed()
    {
        using var folder = new TestFolder();
        var data = Scene(folder);
        var scene = new AnchorScene(Small);
        scene.Load(data, 0);
        scene.Assign();
        var positive = scene.Assignment.Truths.ToArray().ToList().FindIndex(truth => truth == 0);
        var anchor = scene.Anchors.Boxes[positive];
        var picture = new RemedyPainter(data, Small, Remedies.Named("max-iou")).Paint(0)!;
        Assert.Equal(new(0x4C, 0xC9, 0xF0), At(picture, (int)((anchor.X1 + anchor.X2) / 2 * 2), (int)((anchor.Y1 + anchor.Y2) / 2 * 2)));
        var (r, g, b) = (At(picture, 200, 100).R, At(picture, 200, 100).G, At(picture, 200, 100).B);
        Assert.True(r > 220 && g > 220 && b > 220, $"{r} {g} {b}");
    }

    [Fact]
    public void Heat_lies_where_the_gradient_is()
    {
        using var folder = new TestFolder();
        var data = Scene(folder);
        void OnlyObjects(ReadOnlySpan<bool> isObject, ReadOnlySpan<float> probabilities, Span<float> weights)
        {
            for (var i = 0; i < weights.Length; i++) weights[i] = isObject[i] ? 1 : 0;
        }

        var picture = new RemedyPainter(data, Small, Remedies.Named("focal"), gradients: OnlyObjects).Paint(0)!;
        var second = 640 + Gap;
        Assert.True(At(picture, second + 200, 150).R > At(picture, second + 600, 440).R + 60);
    }

    [Fact]
    public void An_image_without_objects_is_painted()
    {
        using var folder = new TestFolder();
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(640, 480)));
        var data = folder.Dataset("", new TestImage("a.png", 640, 480));
        foreach (var remedy in RemedyPainter.Paintable) Assert.NotNull(new RemedyPainter(data, Small, remedy, gradients: Hardness).Paint(0));
    }

    [Fact]
    public void What_cannot_be_seen_is_refused_with_what_can()
    {
        using var folder = new TestFolder();
        var data = Scene(folder);
        Assert.Contains("'giou' (box loss) cannot be seen on an image; these can:", Assert.Throws<InputException>(() => new RemedyPainter(data, Small, Remedies.Named("giou"))).Message);
        Assert.Contains("give what computes its gradient", Assert.Throws<InputException>(() => new RemedyPainter(data, Small, Remedies.Named("focal"))).Message);
    }

    [Fact]
    public void Pictures_are_named_after_image_and_remedy()
    {
        using var folder = new TestFolder();
        var painted = new RemedyPainter(Scene(folder), Small, Remedies.Named("fpn")).Write([0], folder["out"]);
        Assert.Equal([Path.Combine(folder["out"], "a-fpn.png")], painted.Files);
        Assert.True(File.Exists(painted.Files[0]));
    }

    [Fact]
    public void Sampled_candidates_are_a_function_of_seed_and_image()
    {
        using var folder = new TestFolder();
        var scene = new AnchorScene(Small);
        scene.Load(Scene(folder), 0);
        scene.Assign();
        var sampler = new RandomSampler { Count = 32, PositiveFraction = 0.25 };
        Assert.Equal(scene.Weigh(sampler, seed: 1), scene.Weigh(sampler, seed: 1));
        Assert.NotEqual(scene.Weigh(sampler, seed: 1), scene.Weigh(sampler, seed: 2));
        var mined = scene.Weigh(new HardNegativeMiningSampler());
        var overlaps = scene.Assignment.Overlaps.ToArray();
        var background = Enumerable.Range(0, mined.Length).Where(i => scene.Assignment.Truths[i] == Assignment.Background).ToArray();
        Assert.True(background.Where(i => mined[i] > 0).Min(i => overlaps[i]) >= background.Where(i => mined[i] == 0).Max(i => overlaps[i]));
    }

    private static int Panels(Remedy remedy) => remedy.Family.Name switch
    {
        "sampler" => remedy.Kind is "random" or "hard-negative-mining" or "iou-balanced-negative" ? 3 : 4,
        "assigner" => remedy.Kind == "max-iou" ? 1 : 2,
        "classification loss" => remedy.Kind == "cross-entropy" ? 1 : 2,
        _ => 1,
    };

    private static void Hardness(ReadOnlySpan<bool> isObject, ReadOnlySpan<float> probabilities, Span<float> weights) => probabilities.CopyTo(weights);

    private static DetectionDataset Scene(TestFolder folder)
    {
        folder.Put("a.png", TestImages.RgbPng(TestImages.Picture(640, 480)));
        return folder.Dataset("", new TestImage("a.png", 640, 480)
        {
            Boxes = [("cat", BoxMarks.None, 100, 100, 300, 200), ("dog", BoxMarks.None, 350, 300, 390, 330), ("cat", BoxMarks.Crowd, 500, 10, 630, 90)],
        });
    }

    private static Rgb At(Pixels picture, int x, int y) => new(picture.Row(y)[x * 4], picture.Row(y)[(x * 4) + 1], picture.Row(y)[(x * 4) + 2]);
}
