namespace Ballast;

/// <summary>One of several drawings of the same image: what is painted on it, and what is said under it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Paint">Paints on a copy of the image.</param>
/// <param name="Lines">What its colours and numbers mean.</param>
internal sealed record PicturePanel(string Title, Action<Pixels> Paint, IReadOnlyList<CaptionLine> Lines);

/// <summary>Drawings of one image side by side (one below the other where the image is much wider than high), each with its caption.</summary>
internal static class PictureSheet
{
    private const int Gap = 8;
    private const int LeastScale = 2;
    private const double Wide = 1.8;

    public static Pixels Of(Pixels image, IReadOnlyList<PicturePanel> panels)
    {
        var scale = Math.Max(LeastScale, PaintStyle.For(image).Scale);
        Caption[] captions = [.. panels.Select(panel => new Caption(panel.Title, panel.Lines, image.Width, scale))];
        var height = image.Height + captions.Max(caption => caption.Height);
        var isColumn = image.Width > Wide * image.Height;
        var sheet = isColumn
            ? Pixels.Uninitialized(image.Width, (panels.Count * (height + Gap)) - Gap)
            : Pixels.Uninitialized((panels.Count * (image.Width + Gap)) - Gap, height);
        Drawing.Fill(sheet, new(0, 0, sheet.Width, sheet.Height), PaintStyle.Dark);
        for (var i = 0; i < panels.Count; i++)
        {
            var (left, top) = isColumn ? (0, i * (height + Gap)) : (i * (image.Width + Gap), 0);
            Copy(Painted(image, panels[i]), sheet, left, top);
            captions[i].Paint(sheet, new(left, top + image.Height, left + image.Width, top + height));
        }

        return sheet;
    }

    private static Pixels Painted(Pixels image, PicturePanel panel)
    {
        var copy = Pixels.Uninitialized(image.Width, image.Height);
        image.Bytes.CopyTo(copy.Bytes);
        panel.Paint(copy);
        return copy;
    }

    private static void Copy(Pixels from, Pixels to, int left, int top)
    {
        for (var y = 0; y < from.Height; y++) from.Row(y).CopyTo(to.Row(top + y)[(left * 4)..]);
    }
}
