using Ballast.Tests.Golden;

namespace Ballast.Training.Tests;

public class InputTransformGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.All("tv_rcnn_transform");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Images_and_boxes_become_the_batch_that_torchvision_makes(string name)
    {
        using var golden = GoldenCase.Load(name);
        var count = Enumerable.Range(0, 9).TakeWhile(i => golden.Has($"inputs:image{i}")).Count();
        var transform = new InputTransform(
            new() { Short = (int)golden.Number("min_size", 0), Long = (int)golden.Number("max_size", 0), Divisor = (int)golden.Number("size_divisible", 0) },
            new() { Means = [.. golden.Numbers("image_mean")], Deviations = [.. golden.Numbers("image_std")] });
        var images = Enumerable.Range(0, count).Select(i => new PlanarImage(golden.Floats($"image{i}"), golden.Shape($"image{i}")[2], golden.Shape($"image{i}")[1]));
        var batch = transform.Apply([.. images], [.. Enumerable.Range(0, count).Select(i => Truths(golden.Boxes($"inputs:boxes{i}")))]);
        Assert.Equal<int>(golden.Shape("batch"), new[] { count, 3, batch.Height, batch.Width });
        golden.AssertClose("batch", batch.Pixels);
        for (var i = 0; i < count; i++)
        {
            golden.AssertClose($"outputs:boxes{i}", batch.Items[i].Truths.Boxes);
            if (!golden.Has($"outputs:boxes_back{i}")) continue;
            var back = new BoxArray();
            for (var box = 0; box < batch.Items[i].Truths.Count; box++) back.Add(batch.Items[i].ToImage(batch.Items[i].Truths.Boxes[box]));
            golden.AssertClose($"outputs:boxes_back{i}", back);
        }
    }

    private static Truths Truths(BoxArray boxes)
    {
        var truths = new Truths();
        for (var i = 0; i < boxes.Count; i++) truths.Add(boxes[i], 0);
        return truths;
    }
}
