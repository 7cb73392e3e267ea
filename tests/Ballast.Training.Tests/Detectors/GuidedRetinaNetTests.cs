using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>What RetinaNet promises when its anchors are predicted.</summary>
[Collection(nameof(Alone))]
public class GuidedRetinaNetTests(ITestOutputHelper output)
{
    private const int Images = 8;
    private const int MostSteps = 250;

    [Fact]
    public void It_overfits_eight_images_and_learns_where_centres_are()
    {
        var options = Options();
        using var outer = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        var batch = Batch(options);
        using var adam = optim.Adam(detector.parameters(), 3e-3);
        var before = CenterProbability(detector, batch);
        var found = 0.0;
        for (var step = 1; step <= MostSteps && found < 0.9; step++)
        {
            using (NewDisposeScope())
            {
                adam.zero_grad();
                detector.Loss(batch).Value.backward();
                nn.utils.clip_grad_norm_(detector.parameters(), 10);
                adam.step();
            }

            if (step % 25 == 0) found = DetectorContractTests.Found(detector, batch);
            if (step % 25 == 0) output.WriteLine($"step {step}: {found:0.00} of the objects found first");
        }

        var after = CenterProbability(detector, batch);
        output.WriteLine($"probability of a centre: {before} before, {after} after");
        Assert.True(found >= 0.9, $"{found:0.00} of the objects are among the best detections");
        Assert.True(after.Inside > 2 * before.Inside && after.Inside > 5 * after.Outside, $"{after}");
    }

    [Fact]
    public void Gradients_reach_every_parameter_and_differ_from_the_baselines()
    {
        using var scope = NewDisposeScope();
        using var detector = Options().Build(PaintedScenes.Facts, seed: 1);
        using var baseline = Small.Build(PaintedScenes.Facts, seed: 1);
        detector.Loss(PaintedScenes.Batch(Options())).Value.backward();
        baseline.Loss(PaintedScenes.Batch(Small)).Value.backward();
        var untouched = detector.named_parameters().Where(pair => !(pair.parameter.grad?.abs().sum().item<float>() > 0)).Select(pair => pair.name);
        Assert.Empty(untouched);
        var plain = baseline.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var shared = detector.named_parameters().Where(pair => plain.ContainsKey(pair.name) && pair.name.StartsWith("backbone", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(shared);
        Assert.Contains(shared, pair => !pair.parameter.grad!.allclose(plain[pair.name].grad!, rtol: 1e-3));
    }

    [Fact]
    public void It_trains_on_images_without_objects_and_finds_none_in_them()
    {
        using var scope = NewDisposeScope();
        using var detector = Options().Build(PaintedScenes.Facts, seed: 1);
        var batch = PaintedScenes.Batch(Options(), 2, empty: true);
        var total = detector.Loss(batch);
        total.Value.backward();
        Assert.Equal(["head", "head", "head.shape", "head.location"], total.Parts.Select(part => part.Stage));
        Assert.True(total.Value.isfinite().item<bool>());
        Assert.All(detector.parameters(), parameter => Assert.True(parameter.grad is null || parameter.grad.isfinite().all().item<bool>()));
        detector.eval();
        Assert.All(detector.Detect(batch), found => Assert.Equal(0, found.Count));
    }

    [Fact]
    public void Classes_and_boxes_teach_neither_shapes_nor_offsets_of_the_shape_branch()
    {
        using var scope = NewDisposeScope();
        using var detector = Options().Build(PaintedScenes.Facts, seed: 1);
        var head = detector.Losses(PaintedScenes.Batch(Options()))[0];
        (head.Classification!.Value() + head.Box!.Value()).backward();
        var guides = detector.named_parameters().Where(pair => pair.name.Contains("regression_head.shape", StringComparison.Ordinal)
            || pair.name.Contains("classification_head.location", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, guides.Length);
        Assert.All(guides, pair => Assert.True(pair.parameter.grad is null || pair.parameter.grad.abs().sum().item<float>() == 0, pair.name));
    }

    [Fact]
    public void Places_under_the_threshold_give_no_detections()
    {
        var all = Detect(0, out var probabilities);
        Assert.NotEmpty(all);
        var middle = probabilities.Order().ElementAt(probabilities.Length / 2);
        var some = Detect(middle, out _);
        Assert.InRange(some.Count, 1, all.Count - 1);
        Assert.Empty(Detect(1, out _));

        static List<(Box Box, int Class)> Detect(float threshold, out float[] probabilities)
        {
            using var scope = NewDisposeScope();
            var options = Options() with { Anchoring = new GuidedAnchoringOptions { LocationThreshold = threshold }, Detection = new() { MinimumScore = 0, IoU = 1, Most = 100_000, MostOfLevel = 100_000 } };
            using var detector = options.Build(PaintedScenes.Facts, seed: 1);
            detector.eval();
            var batch = PaintedScenes.Batch(options, 1);
            var found = detector.Detect(batch)[0];
            probabilities = GoldenTensors.Values(((GuidedRetinaNet)detector).Predict(batch.Images).Predictions.Locations.sigmoid());
            return [.. Enumerable.Range(0, found.Count).Select(i => (found.Boxes[i], found.Classes[i]))];
        }
    }

    [Fact]
    public void Squares_have_the_smallest_size_and_each_place_its_profiles_anchors()
    {
        var anchors = DetectorProfile.RetinaNet.Anchors;
        var places = new GuidedPlaces(anchors, 64, 96);
        Assert.Equal(new Box(-16, -16, 16, 16), places.Squares.Levels[0].BaseAnchors.Single());
        Assert.Equal(9 * places.Squares.Count, places.Shapes.Count);
        Assert.Equal((9, 3), (GuidedPlaces.Assigner(anchors, new()).AnchorsPerPlace, GuidedPlaces.Assigner(anchors, new()).SquareIndex));
        Assert.Equal(4, GuidedPlaces.Scale(anchors));
        using var scope = NewDisposeScope();
        var shapes = zeros(2, places.Squares.Count, 2);
        shapes[1, 5, 0] = MathF.Log(2);
        var images = places.Anchors(shapes, new GuidedAnchoringOptions().ShapeCoder);
        Assert.Equal(places.Squares[5], images[0][5]);
        Assert.Equal((64f, 32f, places.Squares[5].CenterX), (images[1][5].Width, images[1][5].Height, images[1][5].CenterX));
    }

    [Fact]
    public void Parts_that_contradict_it_are_refused_with_the_reason()
    {
        Refused(Options() with { Assigner = new AtssAssigner() }, "anchoring.assigner");
        Refused(Options() with { Centerness = true }, "Choose one");
        Refused(Options() with { Anchoring = new GuidedAnchoringOptions { ShapeSampler = new OnlineHardExampleMiningSampler() } }, "shapes have none");
        Refused(Options() with { Anchoring = new GuidedAnchoringOptions { CenterFraction = 0.6 } }, "lies around the centre");
        Refused(Options() with { Anchoring = new GuidedAnchoringOptions { DeformableGroups = 5 } }, "take a divisor");
        Refused(Options() with { Profile = DetectorProfile.Ssd }, "default boxes");
        Assert.Contains("at most 1", Assert.Throws<InputException>(() => new GuidedAnchoringOptions { CenterFraction = 2 }).Message, StringComparison.Ordinal);

        static void Refused(RetinaNetOptions options, string reason)
            => Assert.Contains(reason, Assert.Throws<InputException>(() => options.Build(PaintedScenes.Facts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_or_a_recipe_makes_it()
    {
        var set = RecipeSetting.Apply<DetectorOptions>(new RetinaNetOptions(), [RecipeSetting.Parse("anchoring=guided-anchoring"), RecipeSetting.Parse("anchoring.deformableGroups=2")]);
        Assert.Equal(new RetinaNetOptions { Anchoring = new GuidedAnchoringOptions { DeformableGroups = 2 } }, set);
        Assert.Equal(set, RecipeReader.Parse<DetectorOptions>(RecipeReader.ToJson(set)));
    }

    private static RetinaNetOptions Small => (RetinaNetOptions)SmallDetectors.Of("retinanet");

    private static RetinaNetOptions Options() => Small with { Anchoring = new GuidedAnchoringOptions() };

    /// <summary>The four scenes and the same turned left to right: eight images.</summary>
    private static Batch Batch(DetectorOptions options)
    {
        var four = PaintedScenes.Batch(options);
        var mirrored = four.Items.Select(item =>
        {
            var turned = item with { Id = item.Id + Images, Truths = new() };
            for (var i = 0; i < item.Truths.Count; i++)
            {
                var box = item.Truths.Boxes[i];
                turned.Truths.Add(new(PaintedScenes.Side - box.X2, box.Y1, PaintedScenes.Side - box.X1, box.Y2), item.Truths.Classes[i]);
            }

            return turned;
        });
        return new(cat([four.Images, four.Images.flip(3)]), [.. four.Items, .. mirrored]);
    }

    /// <summary>The mean probability of a centre at the places that are one, and at background.</summary>
    private static (float Inside, float Outside) CenterProbability(Detector detector, Batch batch)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var probabilities = GoldenTensors.Values(((GuidedRetinaNet)detector).Predict(batch.Images).Predictions.Locations.sigmoid());
        var places = new GuidedPlaces(detector.Options.Profile.Anchors, batch.Width, batch.Height);
        var count = places.Squares.Count;
        var (targets, weights) = (new float[count], new float[count]);
        var (inside, outside) = (new List<float>(), new List<float>());
        for (var image = 0; image < batch.Count; image++)
        {
            new LocationTargets { AnchorScale = GuidedPlaces.Scale(detector.Options.Profile.Anchors) }.Draw(places.Squares, batch.Items[image].Truths, targets, weights);
            for (var i = 0; i < count; i++)
            {
                if (targets[i] > 0) inside.Add(probabilities[(image * count) + i]);
                else if (weights[i] > 0) outside.Add(probabilities[(image * count) + i]);
            }
        }

        return (inside.Average(), outside.Average());
    }
}
