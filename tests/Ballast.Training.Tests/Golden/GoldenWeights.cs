using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ballast.Tests.Golden;
using TorchSharp;

namespace Ballast.Training.Tests;

/// <summary>The weights and images of whole models: stored under torchvision's names, or made from them by an integer hash.</summary>
internal static class GoldenWeights
{
    private const string Stored = "state.";

    /// <summary>Gives a detector the stored weights; each of its tensors must be there, and nothing else.</summary>
    public static void Load(Detector detector, GoldenCase golden, Func<string, float[], float[]>? map = null)
    {
        var state = State(detector);
        Assert.Equal(golden.Names(Stored).Select(name => name[Stored.Length..]).Order(StringComparer.Ordinal), state.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in state) Set(tensor, map is null ? golden.Floats(Stored + name) : map(name, golden.Floats(Stored + name)));
    }

    /// <summary>Fills a detector's weights by the rules of a case, each tensor from its name.</summary>
    public static void Fill(Detector detector, JsonElement parameters, Func<string, float[], float[]>? map = null)
    {
        var salt = parameters.GetProperty("fill_salt").GetString()!;
        foreach (var (name, tensor) in State(detector))
        {
            var rule = parameters.GetProperty("fill_rules").EnumerateArray().First(rule => Regex.IsMatch(name, rule[0].GetString()!));
            var fanIn = tensor.numel() / tensor.shape[0];
            var amplitude = rule[2].ValueKind == JsonValueKind.Number
                ? rule[2].GetSingle()
                : (float)Math.Sqrt(3 * double.Parse(rule[2].GetString()![4..], CultureInfo.InvariantCulture) / fanIn);
            var values = Uniform(salt + name, (int)tensor.numel());
            for (var i = 0; i < values.Length; i++) values[i] = rule[1].GetSingle() + (amplitude * ((2 * values[i]) - 1));
            Set(tensor, map is null ? values : map(name, values));
        }
    }

    /// <summary>The image of a case whose images follow from the hash.</summary>
    public static PlanarImage Image(JsonElement parameters, int image)
    {
        var size = parameters.GetProperty("image_sizes")[image];
        var (height, width, salt) = (size[0].GetInt32(), size[1].GetInt32(), parameters.GetProperty("fill_salt").GetString());
        var (rows, columns) = ((height + 7) / 8, (width + 7) / 8);
        var coarse = Uniform($"{salt}image{image}.coarse", 3 * rows * columns);
        var values = Uniform($"{salt}image{image}.fine", 3 * height * width);
        for (var i = 0; i < values.Length; i++)
        {
            var (channel, y, x) = (i / (height * width), i / width % height, i % width);
            values[i] = (0.75f * coarse[(((channel * rows) + (y / 8)) * columns) + (x / 8)]) + (0.25f * values[i]);
        }

        return new(values, width, height);
    }

    /// <summary>u(key, 0..): numbers in [0, 1) of 24 bits.</summary>
    public static float[] Uniform(string key, int count)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var unit in Encoding.UTF8.GetBytes(key)) hash = (hash ^ unit) * 0x100000001B3UL;
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (Mix(hash + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL)) >> 40) * (1f / (1 << 24));
        return values;
    }

    private static Dictionary<string, torch.Tensor> State(Detector detector)
        => detector.state_dict().Where(pair => !pair.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value);

    private static void Set(torch.Tensor tensor, float[] values)
    {
        using var frozen = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        tensor.copy_(torch.tensor(values, tensor.shape));
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}

/// <summary>The objects of a case's image.</summary>
internal static class GoldenTruths
{
    public static Truths Of(GoldenCase golden, int image, int firstLabel, string boxes = "gt_boxes_image", string labels = "gt_labels_image")
    {
        var truths = new Truths();
        var (all, classes) = (golden.Boxes($"{boxes}{image}"), golden.Integers($"{labels}{image}"));
        for (var i = 0; i < classes.Length; i++) truths.Add(all[i], classes[i] - firstLabel);
        return truths;
    }
}

/// <summary>The detections of a case.</summary>
internal static class GoldenDetections
{
    /// <summary>Same labels and order, scores within a tolerance, boxes within 100 of it, pixels.</summary>
    public static void AssertEqual(GoldenCase golden, string prefix, Detections found, int firstLabel, float tolerance)
    {
        var (boxes, scores, labels) = (golden.Boxes($"{prefix}.boxes"), golden.Floats($"{prefix}.scores"), golden.Labels($"{prefix}.labels"));
        Assert.Equal(GoldenTensors.Values(labels).Select(label => (int)label - firstLabel), found.Classes);
        for (var i = 0; i < scores.Length; i++)
        {
            Assert.True(Math.Abs(scores[i] - found.Scores[i]) <= tolerance, $"Score {i} of {prefix} is {found.Scores[i]}; the reference is {scores[i]}.");
            var (actual, expected) = (found.Boxes[i], boxes[i]);
            var gap = new[] { actual.X1 - expected.X1, actual.Y1 - expected.Y1, actual.X2 - expected.X2, actual.Y2 - expected.Y2 }.Max(Math.Abs);
            Assert.True(gap <= 100 * tolerance, $"Box {i} of {prefix} is {actual}; the reference is {expected}.");
        }
    }
}
