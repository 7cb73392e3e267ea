namespace Ballast.Training;

/// <summary>Where an image goes in a batch: the part of it that is taken, the size that part gets, whether it is mirrored, and what is done to its colours.</summary>
public sealed class Placement
{
    /// <summary>Takes an image as it is.</summary>
    /// <param name="width">Its width, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    public Placement(int width, int height) => Window = new(0, 0, width, height);

    /// <summary>The part that is taken, whole pixels of the image.</summary>
    public Box Window { get; set; }

    /// <summary>The length of the shorter side, pixels; null for the detector's own.</summary>
    public int? ShortSide { get; set; }

    /// <summary>How much smaller than the input asks for it is drawn, in (0, 1].</summary>
    public double Factor { get; set; } = 1;

    /// <summary>Whether left and right change places.</summary>
    public bool FlipX { get; set; }

    /// <summary>Whether top and bottom change places.</summary>
    public bool FlipY { get; set; }

    /// <summary>What is done to the pixels, in order.</summary>
    public IList<PixelOperation> Operations { get; } = [];

    /// <summary>Cuts the window to a part of itself.</summary>
    /// <param name="width">Share of the width that stays, in (0, 1].</param>
    /// <param name="height">Share of the height that stays, in (0, 1].</param>
    /// <param name="x">Where the part begins, from 0 for the left end of what is possible to 1 for the right.</param>
    /// <param name="y">The same for its top.</param>
    public void Cut(double width, double height, double x, double y)
    {
        var (w, h) = (Math.Max(1, Math.Round(Window.Width * width)), Math.Max(1, Math.Round(Window.Height * height)));
        var (left, top) = (Window.X1 + Math.Round((Window.Width - w) * x), Window.Y1 + Math.Round((Window.Height - h) * y));
        Window = new((float)left, (float)top, (float)(left + w), (float)(top + h));
    }

    /// <summary>Whether enough of any object is inside of the window for it to stay one.</summary>
    public bool ShowsAny(Truths truths)
    {
        ArgumentNullException.ThrowIfNull(truths);
        for (var i = 0; i < truths.Count; i++)
        {
            if (Inside(truths.Boxes[i]) is { IsValid: true } seen && seen.Area >= View.DefaultVisibleFraction * truths.Boxes[i].Area) return true;
        }

        return false;
    }

    /// <summary>The size that the window gets in the batch, pixels.</summary>
    /// <param name="input">The detector's input.</param>
    public (int Width, int Height) Size(InputSize input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (ShortSide is { } side && !input.Fixed) input = input with { Short = side };
        var (width, height) = input.Resize((int)Window.Width, (int)Window.Height);
        return (Math.Max(1, (int)Math.Round(width * Factor)), Math.Max(1, (int)Math.Round(height * Factor)));
    }

    /// <summary>The objects as the batch shows them.</summary>
    /// <param name="truths">In pixels of the image.</param>
    /// <param name="size">What <see cref="Size"/> says.</param>
    /// <returns>In pixels of the batch; objects of which less than <see cref="View.DefaultVisibleFraction"/> is seen are regions to ignore.</returns>
    public Truths Move(Truths truths, (int Width, int Height) size)
    {
        ArgumentNullException.ThrowIfNull(truths);
        var moved = new Truths();
        for (var i = 0; i < truths.Count; i++)
        {
            var (whole, seen) = (truths.Boxes[i], Inside(truths.Boxes[i]));
            if (!seen.IsValid) continue;
            if (seen.Area >= View.DefaultVisibleFraction * whole.Area) moved.Add(Move(seen, size), truths.Classes[i]);
            else moved.Ignored.Add(Move(seen, size));
        }

        for (var i = 0; i < truths.Ignored.Count; i++)
        {
            if (Inside(truths.Ignored[i]) is { IsValid: true } seen) moved.Ignored.Add(Move(seen, size));
        }

        return moved;
    }

    private Box Inside(in Box box)
        => new(Math.Max(box.X1, Window.X1), Math.Max(box.Y1, Window.Y1), Math.Min(box.X2, Window.X2), Math.Min(box.Y2, Window.Y2));

    private Box Move(in Box box, (int Width, int Height) size)
    {
        var (x, y) = (size.Width / Window.Width, size.Height / Window.Height);
        var moved = new Box((box.X1 - Window.X1) * x, (box.Y1 - Window.Y1) * y, (box.X2 - Window.X1) * x, (box.Y2 - Window.Y1) * y);
        if (FlipX) moved = new(Math.Max(0, size.Width - moved.X2), moved.Y1, size.Width - moved.X1, moved.Y2);
        return FlipY ? new(moved.X1, Math.Max(0, size.Height - moved.Y2), moved.X2, size.Height - moved.Y1) : moved;
    }
}
