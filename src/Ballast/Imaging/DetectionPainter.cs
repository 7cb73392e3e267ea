using System.Globalization;

namespace Ballast;

/// <summary>
/// Paints what a detector found on its image: the colours and lines of <see cref="BoxPainter"/>, a class' name and probability on each box. Safe to call from several
/// threads.
/// </summary>
public sealed class DetectionPainter
{
    private readonly IReadOnlyList<string> _classes;
    private readonly Rgb[] _colours;

    /// <summary>Makes a painter.</summary>
    /// <param name="classes">K names.</param>
    /// <param name="frequencies">[K]: how often each was there in training, so that rare classes have the colours that stand out; null for all alike.</param>
    public DetectionPainter(IReadOnlyList<string> classes, IReadOnlyList<long>? frequencies = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        _classes = classes;
        _colours = ClassColors.Of(frequencies is null ? new long[classes.Count] : [.. frequencies]);
    }

    /// <summary>A picture of an image with detections; the pixels given stay as they are.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="boxes">[D]: pixels of the image.</param>
    /// <param name="classes">[D]: 0..K-1.</param>
    /// <param name="probabilities">[D].</param>
    public Pixels Paint(Pixels pixels, BoxArray boxes, ReadOnlySpan<int> classes, ReadOnlySpan<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(boxes);
        var picture = new Pixels(pixels.Width, pixels.Height, pixels.Bytes.ToArray());
        var painted = new List<PaintedBox>(boxes.Count);
        // The most probable are painted last, on top.
        for (var i = boxes.Count - 1; i >= 0; i--)
        {
            var name = Lettering.Drawable(_classes[classes[i]], PaintStyle.MostCharacters) ?? $"class {classes[i]}";
            var label = string.Create(CultureInfo.InvariantCulture, $"{name} {probabilities[i]:0.00}");
            painted.Add(new(Place(boxes[i]), classes[i], label, _colours[classes[i]], IsIgnored: false, IsMajority: false));
        }

        var (style, area) = (PaintStyle.For(picture), new PixelRectangle(0, 0, picture.Width, picture.Height));
        foreach (var box in painted) box.PaintFrame(picture, area, style);
        new LabelPlacer(painted, area, style).Paint(picture, new Lettering());
        return picture;
    }

    /// <summary>Whole pixels, at least one wide and high.</summary>
    private static PixelRectangle Place(in Box box)
    {
        var (left, top) = ((int)MathF.Floor(box.X1 + 0.5f), (int)MathF.Floor(box.Y1 + 0.5f));
        return new(left, top, Math.Max(left + 1, (int)MathF.Floor(box.X2 + 0.5f)), Math.Max(top + 1, (int)MathF.Floor(box.Y2 + 0.5f)));
    }
}
