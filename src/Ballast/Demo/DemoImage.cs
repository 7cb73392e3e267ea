namespace Ballast;

/// <summary>One image of the demo with its labels: a function of the seed, the number of images and the image's index alone.</summary>
/// <param name="Pixels">The image.</param>
/// <param name="Labels">The objects that are labelled: boxes of their whole drawn shape within the image.</param>
/// <param name="Owners">[height, width]: the drawn object (an index among all marks) in front at each pixel, or -1.</param>
/// <param name="Marks">Every drawn object, hidden ones included.</param>
internal sealed record DemoImage(Pixels Pixels, IReadOnlyList<DemoMark> Labels, short[] Owners, IReadOnlyList<DemoMark> Marks)
{
    /// <summary>An object of which less than this percentage is visible gets no label.</summary>
    private const int LeastVisiblePercent = 30;

    public static DemoImage Draw(DemoPlan plan, int seed, int image)
    {
        var (width, height) = plan.Size(image);
        var canvas = new DemoCanvas(width, height);
        var random = DemoRandom.Of(seed, image, "background");
        DemoBackground.Paint(canvas, ref random);
        var painter = new DemoPainter(canvas, ref random);
        foreach (var item in DemoScene.Of(plan, seed, image)) painter.Paint(item);
        var visible = painter.Visible();
        var labels = painter.Marks.Where((mark, i) => mark.Count > 0 && visible[i] * 100 >= mark.Count * LeastVisiblePercent).ToArray();
        return new(DemoCamera.Expose(canvas, ref random), labels, canvas.Owners, painter.Marks);
    }
}
