using Ballast.Tests.Formats;

namespace Ballast.Tests.Rebalancing;

public class ViewTests
{
    [Fact]
    public void The_identity_view_is_the_image_and_its_objects()
    {
        using var folder = Folder();
        var data = DetectionDataset.Load(folder["a.json"]);
        var (view, truths, pixels) = (View.Of(0), new Truths(), Noise());
        Assert.True(view.IsIdentity);
        Assert.Same(pixels, view.Render(_ => pixels));
        view.Truths(data, _ => (100, 80), truths);
        Assert.Equal([new Box(10, 10, 30, 30), new Box(80, 60, 100, 80)], [truths.Boxes[0], truths.Boxes[1]]);
        Assert.Equal([0, 1], truths.Classes);
        Assert.Equal(new Box(40, 40, 60, 60), truths.Ignored[0]);
    }

    [Fact]
    public void Objects_move_with_their_layer_and_are_cut_at_window_and_canvas()
    {
        using var folder = Folder();
        var data = DetectionDataset.Load(folder["a.json"]);
        var truths = new Truths();
        // The window cuts off a quarter of the first object; the canvas three quarters of the second, which is then left out of training.
        var view = new View { Width = 170, Height = 200, Layers = [new() { Image = 0, Window = new(15, 0, 85, 80), Matrix = Homography.Scale(2, 2) }] };
        view.Truths(data, _ => (100, 80), truths);
        Assert.Equal(new Box(30, 20, 60, 60), truths.Boxes[0]);
        Assert.Equal([0], truths.Classes);
        Assert.Equal([new Box(160, 120, 170, 160), new Box(80, 80, 120, 120)], [truths.Ignored[0], truths.Ignored[1]]);
    }

    [Fact]
    public void What_lies_above_covers_objects_and_what_is_covered_whole_is_no_object()
    {
        using var folder = Folder();
        var data = DetectionDataset.Load(folder["a.json"]);
        var truths = new Truths();
        Layer below = new() { Image = 0 };
        var patch = new Layer { Image = 1, Window = new(0, 0, 20, 20), Matrix = Homography.Move(10, 10) };
        new View { Width = 100, Height = 80, Layers = [below, patch] }.Truths(data, _ => (100, 80), truths);
        Assert.Equal([1], truths.Classes);
        new View { Width = 100, Height = 80, Layers = [below, patch with { Opacity = 0.3f }] }.Truths(data, _ => (100, 80), truths);
        Assert.Equal([0, 1], truths.Classes);
        new View { Width = 100, Height = 80, Layers = [below, patch with { Matrix = Homography.Move(14, 10) }] }.Truths(data, _ => (100, 80), truths);
        Assert.Equal([1], truths.Classes);
        Assert.Equal(2, truths.Ignored.Count);
    }

    [Fact]
    public void A_mosaic_is_drawn_and_shrunk_parts_are_averaged()
    {
        var checks = new Pixels(64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++) checks.Row(y).Slice(4 * x, 4).Fill((byte)((x + y) % 2 * 255));
        }

        var view = new View { Width = 40, Height = 16, Layers = [new() { Image = 0, Matrix = Homography.Scale(0.25, 0.25) }, new() { Image = 0, Window = new(0, 0, 16, 16), Matrix = Homography.Move(20, 0) }] };
        var canvas = view.Render(_ => checks);
        Assert.All(canvas.Row(8)[4..60].ToArray(), value => Assert.InRange(value, 126, 129));
        Assert.Equal(checks.Row(8)[..64], canvas.Row(8)[80..144]);
        Assert.Equal([124, 116, 104, 255], canvas.Row(8)[152..156].ToArray());
    }

    [Fact]
    public void Operations_change_pixels_in_order()
    {
        var pixels = new Pixels(1, 1, [100, 100, 100, 255]);
        var view = View.Of(0) with { Operations = [new ColorOperation { Brightness = 2 }, new ColorOperation { Contrast = 0 }] };
        Assert.Equal([128, 128, 128, 255], view.Render(_ => pixels).Bytes.ToArray());
    }

    [Fact]
    public void A_view_is_its_own_json()
    {
        var view = new View
        {
            Width = 40,
            Height = 30,
            Layers = [new() { Image = 3, Window = new(1, 2, 29, 38), Matrix = Homography.Rotate(30), Opacity = 0.5f, FeatherPixels = 2 }],
            Operations = [new ColorOperation { Hue = 0.1 }],
        };
        Assert.Equal(view, RecipeReader.Parse<View>(RecipeReader.ToJson(view)));
    }

    [Fact]
    public void Values_that_make_no_view_are_refused()
    {
        Assert.Contains("there are no layers", Assert.Throws<InputException>(() => new View { Layers = [] }.Validate()).Message);
        Assert.Contains("give both sides", Assert.Throws<InputException>(() => new View { Layers = [new() { Image = 0 }, new() { Image = 1 }] }.Validate()).Message);
        Assert.Contains("Layer.Opacity is 2", Assert.Throws<InputException>(() => new Layer { Image = 0, Opacity = 2 }).Message);
        Assert.Contains("View.Width is -1", Assert.Throws<InputException>(() => new View { Width = -1, Layers = [] }).Message);
        Assert.Contains("ColorOperation.Hue is 2", Assert.Throws<InputException>(() => new ColorOperation { Hue = 2 }).Message);
    }

    private static AnnotationFolder Folder()
    {
        var folder = new AnnotationFolder();
        folder.Add("a.json", """
            {"images":[{"id":1,"file_name":"a.png","width":100,"height":80},{"id":2,"file_name":"b.png","width":100,"height":80}],
             "categories":[{"id":1,"name":"a"},{"id":2,"name":"b"}],
             "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[10,10,20,20],"area":400,"iscrowd":0},
              {"id":2,"image_id":1,"category_id":2,"bbox":[80,60,20,20],"area":400,"iscrowd":0},{"id":3,"image_id":1,"category_id":1,"bbox":[40,40,20,20],"area":400,"iscrowd":1}]}
            """);
        return folder;
    }

    private static Pixels Noise()
    {
        var pixels = new Pixels(100, 80);
        new Random(1).NextBytes(pixels.Bytes);
        return pixels;
    }
}
