namespace Ballast.Training;

/// <summary>An image before it enters a detector.</summary>
/// <param name="Values">[3, Height, Width]: red, green and blue in [0, 1], plane after plane, row by row.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record PlanarImage(float[] Values, int Width, int Height)
{
    /// <summary>The planes of decoded pixels; their opacity is not looked at.</summary>
    public static PlanarImage Of(Pixels pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var plane = pixels.Width * pixels.Height;
        var values = new float[3 * plane];
        for (var y = 0; y < pixels.Height; y++)
        {
            var row = pixels.Row(y);
            for (var x = 0; x < pixels.Width; x++)
            {
                for (var channel = 0; channel < 3; channel++) values[(channel * plane) + (y * pixels.Width) + x] = row[(4 * x) + channel] / 255f;
            }
        }

        return new(values, pixels.Width, pixels.Height);
    }
}

/// <summary>What is subtracted from red, green and blue in [0, 1], and what they are divided by.</summary>
public sealed record PixelNormalization
{
    private readonly Values<float> _means = [0.485f, 0.456f, 0.406f];
    private readonly Values<float> _deviations = [0.229f, 0.224f, 0.225f];

    /// <summary>What is subtracted; ImageNet's means unless said otherwise.</summary>
    public Values<float> Means
    {
        get => _means;
        init => _means = value.Count == 3 && value.All(float.IsFinite) ? value
            : throw new InputException($"PixelNormalization.Means is [{string.Join(", ", value)}]; it must be three numbers.");
    }

    /// <summary>What they are divided by; ImageNet's standard deviations unless said otherwise.</summary>
    public Values<float> Deviations
    {
        get => _deviations;
        init => _deviations = value.Count == 3 && value.All(deviation => deviation > 0 && float.IsFinite(deviation)) ? value
            : throw new InputException($"PixelNormalization.Deviations is [{string.Join(", ", value)}]; it must be three positive numbers.");
    }
}

/// <summary>
/// Images of any size as one batch, by torchvision's rule: resized (bilinear between centres, not averaged) so that the shorter side has a length unless the
/// longer would pass another, normalised, padded with 0 to a common multiple. Plain C#, so loader threads use it.
/// </summary>
/// <param name="Size">The size images are resized to.</param>
/// <param name="Normalization">What is done to their values.</param>
public sealed partial record InputTransform(InputSize Size, PixelNormalization Normalization)
{
    /// <summary>The transform of a detector.</summary>
    public static InputTransform Of(DetectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options.Profile.Input, options.Normalization);
    }

    /// <summary>The batch of images.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="truths">The objects of each, in its own pixels; null at inference.</param>
    /// <param name="ids">What random numbers are drawn for; null for the places in the list.</param>
    public LoadedBatch Apply(IReadOnlyList<PlanarImage> images, IReadOnlyList<Truths>? truths = null, IReadOnlyList<long>? ids = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        var batch = Lay([.. images.Select(image => (image.Width, image.Height))], (i, size, target, width) => Write(images[i], size, target, width), ids);
        for (var i = 0; truths is not null && i < images.Count; i++) batch.Items[i].AddTruths(truths[i]);
        return batch;
    }

    /// <summary>Writes one image, resized and normalised, into the upper left corner of a padded one.</summary>
    /// <param name="image">The image.</param>
    /// <param name="size">The size it gets, pixels.</param>
    /// <param name="target">[3, H, W], zeros.</param>
    /// <param name="width">W.</param>
    public void Write(PlanarImage image, (int Width, int Height) size, Span<float> target, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        var columns = Places(image.Width, size.Width);
        var rows = Places(image.Height, size.Height);
        var (plane, targetPlane) = (image.Width * image.Height, target.Length / 3);
        for (var channel = 0; channel < 3; channel++)
        {
            var (mean, deviation) = (Normalization.Means[channel], Normalization.Deviations[channel]);
            var source = image.Values.AsSpan(channel * plane, plane);
            for (var y = 0; y < size.Height; y++)
            {
                var (first, second, share) = rows[y];
                var above = source.Slice(first * image.Width, image.Width);
                var below = source.Slice(second * image.Width, image.Width);
                var line = target.Slice((channel * targetPlane) + (y * width), size.Width);
                for (var x = 0; x < line.Length; x++)
                {
                    var (left, right, part) = columns[x];
                    var upper = above[left] + (part * (above[right] - above[left]));
                    var lower = below[left] + (part * (below[right] - below[left]));
                    line[x] = (upper + (share * (lower - upper)) - mean) / deviation;
                }
            }
        }
    }

    /// <summary>Lays images beside each other, each in the upper left corner of its place.</summary>
    private LoadedBatch Lay((int Width, int Height)[] images, ImageWriter write, IReadOnlyList<long>? ids = null)
    {
        var sizes = images.Select(image => Size.Resize(image.Width, image.Height)).ToArray();
        var (width, height) = Size.Pad(sizes.Max(size => size.Width), sizes.Max(size => size.Height));
        var plane = 3 * width * height;
        var pixels = new float[images.Length * plane];
        var items = new BatchImage[images.Length];
        for (var i = 0; i < items.Length; i++)
        {
            write(i, sizes[i], pixels.AsSpan(i * plane, plane), width);
            var id = ids is null ? i : ids[i];
            items[i] = new(id, $"image {id}", images[i].Width, images[i].Height, sizes[i].Width, sizes[i].Height, new());
        }

        return new(pixels, width, height, items);
    }

    /// <summary>For each place along a side: the two it lies between, and how far it is to the second.</summary>
    private static (int First, int Second, float Share)[] Places(int from, int to)
    {
        var places = new (int, int, float)[to];
        var step = (float)from / to;
        for (var i = 0; i < to; i++)
        {
            var place = MathF.Max(0, ((i + 0.5f) * step) - 0.5f);
            var first = Math.Min((int)place, from - 1);
            places[i] = (first, Math.Min(first + 1, from - 1), place - first);
        }

        return places;
    }

    /// <summary>Writes an image of a batch in the size it gets there.</summary>
    private delegate void ImageWriter(int image, (int Width, int Height) size, Span<float> target, int width);
}
