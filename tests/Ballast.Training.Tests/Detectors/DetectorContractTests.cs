using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>What every kind of detector is held to, with every remedy in every slot.</summary>
[Collection(nameof(Alone))]
public class DetectorContractTests(ITestOutputHelper output)
{
    private const int MostSteps = 200;

    /// <summary>Kinds that need more than their name, or whose defaults are close to what detectors have anyway.</summary>
    private static readonly Dictionary<string, string> Forms = new()
    {
        ["max-iou"] = """{ "type": "max-iou", "positiveIoU": 0.3, "negativeIoU": 0.3 }""",
        ["class-balanced"] = """{ "type": "class-balanced", "loss": "focal" }""",
        ["sum"] = """{ "type": "sum", "parts": [{ "loss": "l1" }, { "loss": "giou", "weight": 2 }] }""",
    };

    public static TheoryData<string> Kinds => SmallDetectors.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_detector_trains_on_images_without_objects(string kind)
    {
        var options = SmallDetectors.Of(kind);
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        var total = detector.Loss(PaintedScenes.Batch(options, 2, empty: true));
        total.Value.backward();
        Assert.True(float.IsFinite(total.Value.item<float>()));
        Assert.All(detector.parameters(), parameter => Assert.True(parameter.grad is null || parameter.grad.isfinite().all().item<bool>()));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_reach_every_parameter(string kind)
    {
        var options = SmallDetectors.Of(kind);
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        detector.Loss(PaintedScenes.Batch(options)).Value.backward();
        var untouched = detector.named_parameters().Where(pair => pair.parameter.requires_grad && !(pair.parameter.grad?.abs().sum().item<float>() > 0)).Select(pair => pair.name);
        Assert.Empty(untouched);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_detector_overfits_a_few_images(string kind)
    {
        var options = SmallDetectors.Of(kind);
        using var outer = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        var batch = PaintedScenes.Batch(options);
        using var adam = optim.Adam(detector.parameters(), 3e-3);
        var found = 0.0;
        for (var step = 1; step <= MostSteps && found < 0.9; step++)
        {
            using (NewDisposeScope())
            {
                adam.zero_grad();
                detector.Loss(batch).Value.backward();
                adam.step();
            }

            if (step % 25 == 0) found = Found(detector, batch);
            if (step % 25 == 0) output.WriteLine($"step {step}: {found:0.00} of the objects found first");
        }

        Assert.True(found >= 0.9, $"{found:0.00} of the objects are among the best detections");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Detections_are_the_same_again_and_lie_in_the_image(string kind)
    {
        var options = SmallDetectors.Of(kind);
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        detector.eval();
        var batch = PaintedScenes.Batch(options, 2);
        var (first, second) = (detector.Detect(batch), detector.Detect(batch));
        Assert.Equal(2, first.Length);
        Assert.Equal(first.Select(image => image.Count), second.Select(image => image.Count));
        foreach (var image in first)
        {
            Assert.All(Enumerable.Range(0, image.Count), i => Assert.True(image.Boxes[i] is { X1: >= 0, Y1: >= 0, X2: <= PaintedScenes.Side, Y2: <= PaintedScenes.Side }));
            Assert.Equal(image.Scores.OrderDescending(), image.Scores);
            Assert.All(image.Classes, @class => Assert.InRange(@class, 0, 2));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_remedy_that_fits_a_slot_changes_the_gradients(string kind)
    {
        var options = SmallDetectors.Of(kind);
        using var scope = NewDisposeScope();
        var baseline = Gradient(options);
        var (changed, refused) = (0, new List<string>());
        foreach (var (slot, remedy) in Remedies(options.GetType()))
        {
            var (fitted, reason) = Fit(options, slot, remedy);
            if (fitted is null)
            {
                refused.Add($"{slot}={remedy}: {reason}");
                continue;
            }

            if (Same(fitted, options, slot)) continue;
            Assert.False(Gradient(fitted).SequenceEqual(baseline), $"{slot}={remedy} changes nothing");
            changed++;
        }

        output.WriteLine($"{changed} remedies change the gradients; refused:\n{string.Join('\n', refused)}");
        Assert.True(changed >= 30, $"only {changed} remedies were tried");
        Assert.All(refused, reason => Assert.EndsWith(".", reason, StringComparison.Ordinal));
    }

    /// <summary>Every kind of every slot of a detector, as a recipe names them.</summary>
    private static IEnumerable<(string Slot, string Kind)> Remedies(Type options)
        => from property in options.GetProperties()
           where property.CanWrite && property.PropertyType != typeof(BackboneOptions)
           from kind in property.PropertyType.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
           select (JsonNamingPolicy.CamelCase.ConvertName(property.Name), (string)kind.TypeDiscriminator!);

    /// <summary>The detector with a remedy, without sampling where the remedy asks for all candidates; or why it does not fit.</summary>
    private static (DetectorOptions? Options, string? Reason) Fit(DetectorOptions options, string slot, string kind)
    {
        string? reason = null;
        foreach (var extra in new string[][] { [], ["sampler=none"] })
        {
            try
            {
                var fitted = RecipeSetting.Apply(options, [RecipeSetting.Parse($"{slot}={Forms.GetValueOrDefault(kind, kind)}"), .. extra.Where(_ => slot != "sampler").Select(RecipeSetting.Parse)]);
                using var detector = fitted.Build(PaintedScenes.Facts, seed: 1);
                return (fitted, null);
            }
            catch (InputException e)
            {
                reason ??= e.Message;
            }
        }

        return (null, reason);
    }

    private static bool Same(DetectorOptions fitted, DetectorOptions options, string slot)
        => fitted.Equals(options) || (slot == "assigner" && Equals(fitted.Assigner, options.Profile.Assigner));

    /// <summary>The gradient of the backbone's first convolution at the third step, an epoch each, from equal weights: some objectives look at the first two only.</summary>
    private static float[] Gradient(DetectorOptions options)
    {
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedScenes.Facts, seed: 1);
        using var descent = optim.SGD(detector.parameters(), 1e-3);
        var batch = PaintedScenes.Batch(options, 2);
        for (var step = 0; step < 3; step++)
        {
            descent.zero_grad();
            detector.Loss(batch).Value.backward();
            if (step == 2) break;
            descent.step();
            detector.Objective.EndEpoch();
        }

        return GoldenTensors.Values(detector.named_parameters().First(pair => pair.name.EndsWith("conv1.weight", StringComparison.Ordinal)).parameter.grad!);
    }

    /// <summary>The share of objects that are among the best detections of their image, as many as there are objects.</summary>
    internal static double Found(Detector detector, Batch batch)
    {
        detector.eval();
        var detections = detector.Detect(batch);
        detector.train();
        var (found, all) = (0, 0);
        for (var image = 0; image < detections.Length; image++)
        {
            var truths = batch.Items[image].Truths;
            for (var truth = 0; truth < truths.Count; truth++)
            {
                all++;
                var best = Enumerable.Range(0, Math.Min(truths.Count, detections[image].Count));
                if (best.Any(i => detections[image].Classes[i] == truths.Classes[truth] && Overlap.IoU(detections[image].Boxes[i], truths.Boxes[truth]) >= 0.5f)) found++;
            }
        }

        return (double)found / all;
    }
}
