using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>torchvision's ssd300_vgg16 with weights and images from an integer hash: losses, gradients and detections (tests/golden/ssd_models/make.py).</summary>
public class SsdGoldenTests
{
    /// <summary>Of norms after 20 layers: two versions of libtorch differ by 3e-4 at the first.</summary>
    private const double GradientTolerance = 1e-3;

    public static TheoryData<string> Models => GoldenCase.All("ssd_models");

    [Theory]
    [MemberData(nameof(Models))]
    public void SSD300_on_VGG16_gives_torchvisions_losses_gradients_and_detections(string name)
    {
        using var golden = GoldenCase.Load(name);
        using var scope = NewDisposeScope();
        var classes = golden.Parameters.GetProperty("num_classes").GetInt32() - 1;
        using var detector = SsdOptions.Vgg300.Build(Facts(classes));
        Fill(detector, golden.Parameters.GetProperty("fill_rules"));
        var loaded = Batch(golden);
        detector.train();
        var total = detector.Loss(loaded.To(CPU));
        var losses = golden.Plain("outputs:losses");
        Near(losses.GetProperty("classification").GetDouble(), total.Parts.Single(part => !part.IsBox).Value.item<float>(), "classification");
        Near(losses.GetProperty("bbox_regression").GetDouble(), total.Parts.Single(part => part.IsBox).Value.item<float>(), "bbox_regression");
        total.Value.backward();
        var parameters = detector.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var norm in golden.Plain("outputs:grad_norms").EnumerateObject())
            Near(norm.Value.GetDouble(), parameters[norm.Name].grad!.norm().item<float>(), norm.Name, GradientTolerance);
        detector.eval();
        var found = detector.Detect(loaded.To(CPU));
        var references = golden.Plain("outputs:detections").EnumerateArray().ToArray();
        for (var image = 0; image < found.Length; image++) AssertDetections(references[image], found[image]);
    }

    /// <summary>Scores are a few millionths apart, so neighbours may swap; each box has its counterpart but for those at the cut.</summary>
    private static void AssertDetections(JsonElement reference, Detections found)
    {
        var scores = reference.GetProperty("scores").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(scores.Length, found.Count);
        for (var i = 0; i < scores.Length; i++) Assert.Equal(scores[i], found.Scores[i], 1e-4);
        var labels = reference.GetProperty("labels").EnumerateArray().Select(value => value.GetInt32() - 1).ToArray();
        var boxes = reference.GetProperty("boxes").EnumerateArray().Select(box => box.EnumerateArray().Select(value => value.GetSingle()).ToArray()).ToArray();
        var missed = Enumerable.Range(0, labels.Length).Count(i => !Enumerable.Range(0, found.Count).Any(j => found.Classes[j] == labels[i] && Close(boxes[i], found.Boxes[j])));
        Assert.True(missed <= labels.Length / 100, $"{missed} of {labels.Length} boxes are missing");
    }

    private static bool Close(float[] reference, Box box)
        => Math.Max(Math.Max(Math.Abs(reference[0] - box.X1), Math.Abs(reference[1] - box.Y1)), Math.Max(Math.Abs(reference[2] - box.X2), Math.Abs(reference[3] - box.Y2))) < 0.05;

    private static void Near(double reference, double actual, string what, double relative = 1e-4)
        => Assert.True(Math.Abs(actual - reference) <= (relative * Math.Abs(reference)) + 1e-5, $"{what}: {actual} for {reference}");

    private static DatasetFacts Facts(int classes) => new()
    {
        Classes = [.. Enumerable.Range(1, classes).Select(number => $"class {number}")],
        Objects = [.. new long[classes]],
        ImagesWith = [.. new long[classes]],
        Images = 2,
    };

    /// <summary>Fills the state by the rules; torchvision's background comes first, ours last.</summary>
    private static void Fill(Detector detector, JsonElement rules)
    {
        using var frozen = no_grad();
        foreach (var (name, tensor) in detector.state_dict())
        {
            var rule = rules.EnumerateArray().First(rule => Regex.IsMatch(name, rule[0].GetString()!));
            var amplitude = rule[2].ValueKind == JsonValueKind.Number ? rule[2].GetSingle()
                : (float)Math.Sqrt(3 * double.Parse(rule[2].GetString()![4..], System.Globalization.CultureInfo.InvariantCulture) / (tensor.numel() / tensor.shape[0]));
            var values = HashNumbers.Uniform(name, (int)tensor.numel());
            for (var i = 0; i < values.Length; i++) values[i] = rule[1].GetSingle() + (amplitude * ((2 * values[i]) - 1));
            var filled = torch.tensor(values, tensor.shape);
            tensor.copy_(name.StartsWith("head.classification_head", StringComparison.Ordinal) ? BackgroundLast(filled, detector.Classes + 1) : filled);
        }
    }

    private static Tensor BackgroundLast(Tensor rows, int channels)
        => rows.view([-1, channels, .. rows.shape[1..]]).roll([-1], [1]).view(rows.shape);

    private static LoadedBatch Batch(GoldenCase golden)
    {
        var sizes = golden.Parameters.GetProperty("image_sizes").EnumerateArray().Select(size => (Height: size[0].GetInt32(), Width: size[1].GetInt32())).ToArray();
        var boxes = golden.Plain("inputs:boxes").EnumerateArray().ToArray();
        var labels = golden.Plain("inputs:labels").EnumerateArray().ToArray();
        var (images, truths) = (new PlanarImage[sizes.Length], new Truths[sizes.Length]);
        for (var i = 0; i < sizes.Length; i++)
        {
            var (height, width) = sizes[i];
            var values = HashNumbers.Uniform($"image{i}", 3 * height * width);
            for (var at = 0; at < values.Length; at++) values[at] *= 0.25f;
            truths[i] = new();
            foreach (var (box, label) in boxes[i].EnumerateArray().Zip(labels[i].EnumerateArray()))
            {
                var corners = box.EnumerateArray().Select(value => value.GetInt32()).ToArray();
                Paint(values, width, height, corners, label.GetInt32() / 3f);
                truths[i].Add(new(corners[0], corners[1], corners[2], corners[3]), label.GetInt32() - 1);
            }

            images[i] = new(values, width, height);
        }

        return InputTransform.Of(SsdOptions.Vgg300).Apply(images, truths);
    }

    private static void Paint(float[] values, int width, int height, int[] corners, float share)
    {
        float[] colour = [0.2f, 0.4f, 0.6f];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = corners[1]; y < corners[3]; y++)
            {
                for (var x = corners[0]; x < corners[2]; x++) values[(((channel * height) + y) * width) + x] += colour[channel] * share;
            }
        }
    }
}
