using static TorchSharp.torch;

namespace Ballast.Training.Tests;

[Collection(nameof(Alone))]
public sealed class TrainedDetectorTests : IDisposable
{
    private const int Threads = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Kinds => SmallDetectors.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_opens_and_finds_what_the_detector_found_before_it_was_saved(string kind)
    {
        var run = Save(kind, out var expected);
        using var opened = TrainedDetector.Open(run);
        Assert.Equal(expected, opened.Detect(PaintedScenes.Picture(0), All));
        Assert.Equal(["red", "green", "blue"], opened.Classes);
    }

    [Fact]
    public void Eight_threads_find_what_one_finds()
    {
        using var opened = TrainedDetector.Open(Save("ssd", out _));
        var pictures = Enumerable.Range(0, 4).Select(scene => PaintedScenes.Picture(scene)).ToArray();
        var expected = pictures.Select(picture => opened.Detect(picture, All)).ToArray();
        Assert.All(expected, objects => Assert.NotEmpty(objects));
        var found = new IReadOnlyList<FoundObject>[Threads * 6];
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            for (var turn = 0; turn < 6; turn++) found[(thread * 6) + turn] = opened.Detect(pictures[(thread + turn) % 4], All);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        for (var i = 0; i < found.Length; i++) Assert.Equal(expected[((i / 6) + (i % 6)) % 4], found[i]);
    }

    [Fact]
    public void A_file_a_stream_and_pixels_give_the_same()
    {
        using var opened = TrainedDetector.Open(Save("ssd", out _));
        var path = _folder.At("picture.png");
        using (var file = File.Create(path)) ImageFile.Encode(PaintedScenes.Picture(1), file, ImageCodec.Png);
        using var stream = File.OpenRead(path);
        Assert.Equal(opened.Detect(PaintedScenes.Picture(1), All), opened.Detect(path, All));
        Assert.Equal(opened.Detect(path, All), opened.Detect(stream, All));
    }

    [Fact]
    public void Each_class_is_reported_from_its_own_threshold()
    {
        var options = SmallDetectors.Of("ssd");
        var thresholds = new ScoreThresholds { Classes = ["red", "green", "blue"], Scores = [0, 1, 0.3] };
        using var opened = new TrainedDetector(options.Build(PaintedScenes.Facts, seed: 3), thresholds);
        var (all, reported) = (opened.Detect(PaintedScenes.Picture(0), All), opened.Detect(PaintedScenes.Picture(0)));
        Assert.Equal(all.Where(each => each.Class == 0 || (each.Class == 2 && each.Probability >= 0.3f)), reported);
        Assert.NotEmpty(reported);
        Assert.NotEqual(all.Count, reported.Count);
    }

    [Fact]
    public void A_large_image_in_slices_gives_each_scene_where_it_lies()
    {
        using var opened = TrainedDetector.Open(Save("ssd", out _));
        var large = new Pixels(2 * PaintedScenes.Side, PaintedScenes.Side);
        for (var y = 0; y < PaintedScenes.Side; y++)
        {
            PaintedScenes.Picture(0).Row(y).CopyTo(large.Row(y));
            PaintedScenes.Picture(1).Row(y).CopyTo(large.Row(y)[(4 * PaintedScenes.Side)..]);
        }

        var slices = new SliceOptions { TilePixels = PaintedScenes.Side, OverlapFraction = 0, WholeImage = false, Rule = SeamRule.Suppress, Threshold = 1 };
        var found = opened.Detect(large, All with { Slices = slices });
        var moved = opened.Detect(PaintedScenes.Picture(1), All).Select(each => each with { Box = new(each.Box.X1 + 128, each.Box.Y1, each.Box.X2 + 128, each.Box.Y2) });
        var expected = opened.Detect(PaintedScenes.Picture(0), All).Concat(moved).ToArray();
        Assert.Equal(expected.Length, found.Count);
        // Slices go through the network together, which rounds otherwise than one by one.
        Assert.All(expected, each => Assert.Contains(found, other => other.Class == each.Class && Math.Abs(other.Probability - each.Probability) < 1e-4 && Overlap.IoU(other.Box, each.Box) > 0.999));
    }

    [Fact]
    public void What_is_no_run_is_refused_with_what_is_missing()
    {
        Assert.Contains("no folder", Assert.Throws<InputException>(() => TrainedDetector.Open(_folder.At("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("recipe.json", Assert.Throws<InputException>(() => TrainedDetector.Open(_folder.At(""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_recipe_are_refused()
    {
        var run = Save("ssd", out _);
        var other = SmallDetectors.Of("ssd") with { Backbone = new SmallBackboneOptions { Width = 24 } };
        File.WriteAllText(Path.Combine(run, "recipe.json"), RecipeReader.ToJson(new TrainingRecipe { Detector = other }));
        Assert.Contains("is not of the recipe", Assert.Throws<InputException>(() => TrainedDetector.Open(run)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_of_other_classes_are_refused()
    {
        var run = Save("ssd", out _);
        new RunFolder(run).Save(ScoreThresholds.Same(["cat", "dog"]));
        Assert.Contains("cat, dog", Assert.Throws<InputException>(() => TrainedDetector.Open(run)).Message, StringComparison.Ordinal);
    }

    private static DetectOptions All => new() { MinimumProbability = 0 };

    private string Save(string kind, out IReadOnlyList<FoundObject> found)
    {
        var recipe = new TrainingRecipe { Detector = SmallDetectors.Of(kind) };
        var folder = new RunFolder(_folder.At(kind));
        var detector = recipe.Detector.Build(PaintedScenes.Facts, seed: 3);
        using (no_grad())
        {
            // Untrained heads say the same everywhere; these disagree with themselves, so every box counts.
            foreach (var (name, parameter) in detector.named_parameters())
            {
                if (name.StartsWith("head", StringComparison.Ordinal) && parameter.dim() > 1) parameter.mul_(4);
            }
        }

        folder.Save(recipe, detector);
        using var trained = new TrainedDetector(detector);
        found = trained.Detect(PaintedScenes.Picture(0), All);
        return folder.FullPath;
    }
}
