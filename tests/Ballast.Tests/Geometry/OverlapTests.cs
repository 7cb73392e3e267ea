using CsCheck;

namespace Ballast.Tests.Geometry;

public class OverlapTests
{
    private static readonly Gen<Box> AnyBox = Gen.Select(Gen.Float[-50, 1400], Gen.Float[-50, 1400], Gen.Float[0.01f, 700], Gen.Float[0.01f, 700], (x, y, w, h) => new Box(x, y, x + w, y + h));

    [Fact]
    public void IoU_of_a_box_with_itself_is_one_and_of_disjoint_boxes_zero()
    {
        var box = new Box(10, 20, 50, 60);
        Assert.Equal(1, Overlap.IoU(box, box));
        Assert.Equal(0, Overlap.IoU(box, new(50, 20, 90, 60)));
        Assert.Equal(1, Overlap.GIoU(box, box));
        Assert.Equal(1, Overlap.DIoU(box, box), 6);
        Assert.Equal(1, Overlap.CIoU(box, box), 6);
    }

    [Fact]
    public void Overlaps_are_symmetric_ordered_and_within_their_bounds()
        => Gen.Select(AnyBox, AnyBox).Sample((a, b) =>
        {
            var (iou, giou, diou, ciou) = (Overlap.IoU(a, b), Overlap.GIoU(a, b), Overlap.DIoU(a, b), Overlap.CIoU(a, b));
            Assert.Equal(iou, Overlap.IoU(b, a), 5);
            Assert.InRange(iou, 0, 1.00001f);
            Assert.InRange(giou, -1.00001f, iou + 1e-5f);
            Assert.InRange(diou, -1.00001f, iou + 1e-5f);
            Assert.True(ciou <= diou + 1e-5f);
            Assert.InRange(Overlap.IoF(a, b), iou - 1e-5f, 1.00001f);
        });

    [Fact]
    public void The_vector_row_has_the_bits_of_the_plain_form()
        => Gen.Select(AnyBox, AnyBox.Array[0, 40], Gen.OneOf(0f, 1e-6f, 100f)).Sample((box, others, floor) =>
        {
            var boxes = new BoxArray();
            boxes.AddRange(others);
            var row = new float[others.Length];
            Overlap.IoURow(box, boxes, row, floor);
            for (var i = 0; i < row.Length; i++) Assert.Equal(Overlap.IoU(box, others[i], floor), row[i]);
        });

    [Fact]
    public void Boxes_without_area_stay_finite()
    {
        Box[] boxes = [new(5, 5, 5, 5), new(5, 5, 5, 9), new(0, 0, 10, 10), new(5, 5, 8, 5)];
        foreach (var a in boxes)
        {
            foreach (var b in boxes)
            {
                foreach (var kind in (OverlapKind[])[OverlapKind.GIoU, OverlapKind.DIoU, OverlapKind.CIoU, OverlapKind.IoF]) Assert.True(float.IsFinite(Overlap.Of(kind, a, b)));
                Assert.True(float.IsFinite(Overlap.IoU(a, b, 1e-6f)));
            }
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void Pairs_of_nothing_are_no_pairs(int a, int b)
    {
        var (first, second) = (new BoxArray(), new BoxArray());
        for (var i = 0; i < a; i++) first.Add(new(0, 0, 1, 1));
        for (var i = 0; i < b; i++) second.Add(new(0, 0, 1, 1));
        foreach (var kind in Enum.GetValues<OverlapKind>()) Overlap.Pairwise(kind, first, second, []);
    }
}
