using System.Collections.Concurrent;

namespace Ballast.Training;

/// <summary>An image as a batch shows it, before it is among the others.</summary>
/// <param name="Item">What is known of it.</param>
/// <param name="Pixels">The part that is taken, mirrored and coloured, in its own size.</param>
internal readonly record struct PlacedImage(BatchImage Item, Pixels Pixels);

/// <summary>Images of a data set, decoded and augmented one by one; safe on several threads.</summary>
internal sealed class BatchImages(DetectionDataset data, InputTransform transform, Values<Augmentation> augmentations, IReadOnlyList<View>? views)
{
    private const int Tries = 16;

    private readonly ConcurrentDictionary<int, string> _skipped = [];

    /// <summary>What could not be shown, and why.</summary>
    public IReadOnlyDictionary<int, string> Skipped => _skipped;

    /// <summary>Makes an image; where it cannot be decoded another drawn by the same random numbers takes its place.</summary>
    /// <exception cref="InputException">It cannot be decoded and must be, or a row of others cannot either.</exception>
    public PlacedImage Make(int index, ref RandomState random, bool strict)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return Place(index, ref random);
            }
            catch (InputException e) when (!strict && tries < Tries)
            {
                _skipped.TryAdd(index, e.Message);
                index = random.Below(views?.Count ?? data.Images.Count);
            }
        }
    }

    /// <summary>Writes an image among the others.</summary>
    public void Write(in PlacedImage image, Span<float> target, int width)
        => transform.Write(image.Pixels, (image.Item.InputWidth, image.Item.InputHeight), target, width);

    private PlacedImage Place(int index, ref RandomState random)
    {
        var view = views is null ? View.Of(index) : views[index];
        var decoded = new Dictionary<int, Pixels>();
        var pixels = view.Render(image => Decoded(image));
        var truths = new Truths();
        view.Truths(data, image => (Decoded(image).Width, Decoded(image).Height), truths);
        var placement = new Placement(pixels.Width, pixels.Height);
        foreach (var augmentation in augmentations) augmentation.Apply(placement, truths, ref random);
        var size = placement.Size(transform.Size);
        var (width, height) = ((int)placement.Window.Width, (int)placement.Window.Height);
        var item = new BatchImage(view.Image, data.Images.File(view.Image), width, height, size.Width, size.Height, placement.Move(truths, size));
        return new(item, Cut(pixels, placement));

        Pixels Decoded(int image)
        {
            if (decoded.TryGetValue(image, out var known)) return known;
            return decoded[image] = Decode(image);
        }
    }

    private Pixels Decode(int image)
    {
        var name = data.Images.File(image);
        using var stream = data.OpenImage(image) ?? throw new InputException($"Image '{name}' is not found. Give the folder of images with --images DIR.");
        var decoded = ImageFile.Decode(stream, new() { Name = $"'{name}'" });
        return decoded.Damage is null ? decoded.Pixels : throw new InputException($"'{name}' is damaged: {decoded.Damage}. Save it anew from its source.");
    }

    private static Pixels Cut(Pixels pixels, Placement placement)
    {
        var window = placement.Window;
        if (window.Width < pixels.Width || window.Height < pixels.Height)
            pixels = pixels.Crop((int)window.X1, (int)window.Y1, (int)window.Width, (int)window.Height);
        foreach (var operation in placement.Operations) operation.Apply(pixels);
        if (placement.FlipX) pixels.FlipColumns();
        if (placement.FlipY) pixels.FlipRows();
        return pixels;
    }
}
