using Ballast.Tests.Golden;

namespace Ballast.Tests.Geometry;

public class OverlapGoldenTests
{
    public static TheoryData<string> MMDetection => GoldenCase.All("bbox_overlaps");

    public static TheoryData<string> TorchvisionIoU => GoldenCase.All("tv_box_iou");

    public static TheoryData<string> TorchvisionGIoU => GoldenCase.All("tv_generalized_box_iou");

    public static TheoryData<string> TorchvisionDIoU => GoldenCase.All("tv_distance_box_iou");

    public static TheoryData<string> TorchvisionCIoU => GoldenCase.All("tv_complete_box_iou");

    [Theory]
    [MemberData(nameof(MMDetection))]
    public void Overlaps_equal_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var kind = Enum.Parse<OverlapKind>(golden.Parameters.GetProperty("mode").GetString()!, ignoreCase: true);
        var floor = golden.Parameters.GetProperty("eps").GetSingle();
        var (a, b) = (golden.Boxes("bboxes1"), golden.Boxes("bboxes2"));
        if (golden.Flag("is_aligned", false))
        {
            golden.AssertClose("overlaps", Enumerable.Range(0, a.Count).Select(i => Overlap.Of(kind, a[i], b[i], floor)).ToArray());
            return;
        }

        var result = new float[a.Count * b.Count];
        Overlap.Pairwise(kind, a, b, result, floor);
        golden.AssertClose("overlaps", result);
    }

    [Theory]
    [MemberData(nameof(TorchvisionIoU))]
    public void IoU_equals_torchvision(string name) => Check(name, OverlapKind.IoU);

    [Theory]
    [MemberData(nameof(TorchvisionGIoU))]
    public void GIoU_equals_torchvision(string name) => Check(name, OverlapKind.GIoU);

    [Theory]
    [MemberData(nameof(TorchvisionDIoU))]
    public void DIoU_equals_torchvision(string name) => Check(name, OverlapKind.DIoU);

    [Theory]
    [MemberData(nameof(TorchvisionCIoU))]
    public void CIoU_equals_torchvision(string name) => Check(name, OverlapKind.CIoU);

    private static void Check(string name, OverlapKind kind)
    {
        using var golden = GoldenCase.Load(name);
        var (a, b) = (golden.Boxes("boxes1"), golden.Boxes("boxes2"));
        var result = new float[a.Count * b.Count];
        Overlap.Pairwise(kind, a, b, result);
        golden.AssertClose("iou", result);
    }
}
