using System.Runtime.InteropServices;
using System.Text.Json;
using Ballast.Tests.Golden;

namespace Ballast.Tests.Geometry;

public class BoxCoderGoldenTests
{
    public static TheoryData<string> MMDetection => GoldenCase.All("delta_xywh_coder");

    public static TheoryData<string> Torchvision => GoldenCase.All("tv_box_coder");

    [Theory]
    [MemberData(nameof(MMDetection))]
    public void Coding_equals_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var clampsCenter = golden.Flag("add_ctr_clamp", false);
        var coder = new BoxCoder
        {
            Means = [.. golden.Numbers("target_means")],
            Deviations = [.. golden.Numbers("target_stds")],
            ClampShrinking = true,
            LeastRatio = golden.Number("wh_ratio_clip", 0.016f),
            CenterClampPixels = clampsCenter ? golden.Number("ctr_clamp", 32) : null,
            ClipToImage = golden.Flag("clip_border", true),
        };
        if (golden.Parameters.GetProperty("op").GetString() == "encode") Encodes(golden, coder, "bboxes", "gt_bboxes");
        else Decodes(golden, coder, "bboxes", "deltas");
    }

    [Theory]
    [MemberData(nameof(Torchvision))]
    public void Coding_equals_torchvision(string name)
    {
        using var golden = GoldenCase.Load(name);
        var weights = golden.Numbers("weights");
        var coder = BoxCoder.Weighted(weights[0], weights[1], weights[2], weights[3]);
        if (golden.Parameters.GetProperty("op").GetString() == "encode") Encodes(golden, coder, "proposals", "reference_boxes");
        else Decodes(golden, coder with { ClipToImage = false }, "boxes", "deltas");
    }

    private static void Encodes(GoldenCase golden, BoxCoder coder, string anchors, string truths)
    {
        var deltas = new BoxDelta[golden.Boxes(anchors).Count];
        coder.Encode(golden.Boxes(anchors), golden.Boxes(truths), deltas);
        golden.AssertClose("deltas", MemoryMarshal.Cast<BoxDelta, float>(deltas));
    }

    private static void Decodes(GoldenCase golden, BoxCoder coder, string anchors, string deltas)
    {
        (float, float)? image = golden.Parameters.TryGetProperty("max_shape", out var shape) && shape.ValueKind == JsonValueKind.Array ? (shape[1].GetSingle(), shape[0].GetSingle()) : null;
        var boxes = new BoxArray();
        coder.Decode(golden.Boxes(anchors), MemoryMarshal.Cast<float, BoxDelta>(golden.Floats(deltas)), boxes, image);
        golden.AssertClose("outputs:boxes", boxes);
    }
}
