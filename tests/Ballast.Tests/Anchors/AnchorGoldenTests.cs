using System.Text.Json;
using Ballast.Tests.Golden;

namespace Ballast.Tests.Anchors;

public class AnchorGoldenTests
{
    public static TheoryData<string> MMDetection => GoldenCase.All("anchor_generator");

    public static TheoryData<string> Torchvision => GoldenCase.All("tv_anchor_generator");

    [Theory]
    [MemberData(nameof(MMDetection))]
    public void Exact_anchors_equal_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var rule = new ExactAnchors { CenterOffsetFraction = golden.Number("center_offset", 0), RatioMajor = golden.Flag("scale_major", true) };
        var maps = golden.Parameters.GetProperty("featmap_sizes");
        for (var i = 0; i < maps.GetArrayLength(); i++)
        {
            var (x, y) = Stride(golden.Parameters.GetProperty("strides")[i]);
            var baseSize = golden.Parameters.TryGetProperty("base_sizes", out var baseSizes) ? baseSizes[i].GetSingle() : Math.Min(x, y);
            var options = new AnchorLevelOptions
            {
                Name = $"level {i}",
                Stride = x,
                VerticalStride = y == x ? null : y,
                Sizes = Sizes(golden, baseSize),
                Ratios = [.. golden.Numbers("ratios")],
            };
            var level = rule.Level(options, (maps[i][1].GetInt32(), maps[i][0].GetInt32()), 0, 0, 0);
            golden.AssertClose($"base_anchors{i}", Boxes(level.BaseAnchors));
            golden.AssertClose($"anchors{i}", new AnchorGrid([level]).ToBoxes());
        }
    }

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Rounded_anchors_and_default_boxes_equal_torchvision(string name)
    {
        using var golden = GoldenCase.Load(name);
        var isSsd = golden.Parameters.TryGetProperty("scales", out _);
        AnchorRule rule = isSsd ? new DefaultBoxes { InputSide = 1, UseStride = false, Clip = golden.Flag("clip", true) } : new RoundedAnchors();
        var ratios = golden.Parameters.GetProperty("aspect_ratios");
        var sizes = isSsd ? DefaultBoxes.Sizes(golden.Numbers("scales")) : [.. golden.Parameters.GetProperty("sizes").EnumerateArray().Select(List)];
        var (image, maps) = (golden.Parameters.GetProperty("image_size"), golden.Parameters.GetProperty("featmap_sizes"));
        var (levels, first) = (new List<AnchorLevel>(), 0);
        for (var i = 0; i < maps.GetArrayLength(); i++)
        {
            var options = new AnchorLevelOptions { Name = $"level {i}", Stride = 1, Sizes = sizes[i], Ratios = List(ratios[i]) };
            levels.Add(rule.Level(options, (maps[i][1].GetInt32(), maps[i][0].GetInt32()), image[1].GetInt32(), image[0].GetInt32(), first));
            first += levels[i].Count;
            if (!isSsd) golden.AssertClose($"cell_anchors{i}", Boxes(levels[i].BaseAnchors));
        }

        golden.AssertClose("anchors", new AnchorGrid(levels).ToBoxes());
    }

    private static Values<float> Sizes(GoldenCase golden, float baseSize)
        => golden.Parameters.TryGetProperty("octave_base_scale", out var scale)
            ? ExactAnchors.Octave(baseSize, scale.GetSingle(), golden.Parameters.GetProperty("scales_per_octave").GetInt32())
            : [.. golden.Numbers("scales").Select(value => baseSize * value)];

    private static (int X, int Y) Stride(JsonElement stride)
        => stride.ValueKind == JsonValueKind.Array ? (stride[0].GetInt32(), stride[1].GetInt32()) : (stride.GetInt32(), stride.GetInt32());

    private static Values<float> List(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetSingle())];

    private static BoxArray Boxes(Box[] boxes)
    {
        var array = new BoxArray();
        array.AddRange(boxes);
        return array;
    }
}
