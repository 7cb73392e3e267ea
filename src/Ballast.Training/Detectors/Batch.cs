using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>One image of a batch.</summary>
/// <param name="Id">What its random numbers are drawn for: the image's index in its data set.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="Width">Width of the image as it is, pixels.</param>
/// <param name="Height">Height of the image as it is, pixels.</param>
/// <param name="InputWidth">Its width in the batch, before padding, pixels.</param>
/// <param name="InputHeight">Its height in the batch, before padding, pixels.</param>
/// <param name="Truths">Its objects, in pixels of the batch; empty at inference.</param>
public sealed record BatchImage(long Id, string Name, int Width, int Height, int InputWidth, int InputHeight, Truths Truths)
{
    /// <summary>A box of the image in pixels of the batch.</summary>
    public Box ToInput(in Box box) => Scaled(box, (float)InputWidth / Width, (float)InputHeight / Height);

    /// <summary>A box of the batch in pixels of the image as it is.</summary>
    public Box ToImage(in Box box) => Scaled(box, (float)Width / InputWidth, (float)Height / InputHeight);

    /// <summary>Adds objects that are in pixels of the image as it is.</summary>
    public void AddTruths(Truths truths)
    {
        ArgumentNullException.ThrowIfNull(truths);
        for (var i = 0; i < truths.Count; i++) Truths.Add(ToInput(truths.Boxes[i]), truths.Classes[i]);
        for (var i = 0; i < truths.Ignored.Count; i++) Truths.Ignored.Add(ToInput(truths.Ignored[i]));
    }

    private static Box Scaled(in Box box, float x, float y) => new(box.X1 * x, box.Y1 * y, box.X2 * x, box.Y2 * y);
}

/// <summary>The images of one step, on a device, with what is known of them on the host.</summary>
public sealed class Batch
{
    /// <summary>Makes a batch.</summary>
    /// <param name="images">[N, 3, H, W]: red, green, blue, normalised, padded with 0 to the right and below.</param>
    /// <param name="items">[N].</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step.</param>
    /// <exception cref="InputException">The numbers of images differ, or an image is larger than the batch.</exception>
    public Batch(Tensor images, IReadOnlyList<BatchImage> items, int seed = 0, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(items);
        if (images.dim() != 4 || images.shape[1] != 3 || images.shape[0] != items.Count || items.Count == 0)
            throw new InputException($"Batch: images have shape {Checks.Shape(images)} and there are {items.Count} of them; it must be [N, 3, H, W] for N of 1 or more.");
        foreach (var item in items)
        {
            if (item.InputWidth > images.shape[3] || item.InputHeight > images.shape[2])
                throw new InputException($"Batch: image '{item.Name}' is {item.InputWidth} x {item.InputHeight} pixels in a batch of {images.shape[3]} x "
                    + $"{images.shape[2]}; it must fit.");
        }

        (Images, Items, Seed, Step) = (images, items, seed, step);
    }

    /// <summary>[N, 3, H, W]: red, green, blue, normalised, padded with 0 to the right and below.</summary>
    public Tensor Images { get; }

    /// <summary>[N].</summary>
    public IReadOnlyList<BatchImage> Items { get; }

    /// <summary>The run's seed.</summary>
    public int Seed { get; }

    /// <summary>The step.</summary>
    public long Step { get; }

    /// <summary>What a loader's thread worked out ahead, see <see cref="LoadedBatch.Prepared"/>; null for nothing.</summary>
    public object? Prepared { get; init; }

    /// <summary>Number of images, N.</summary>
    public int Count => Items.Count;

    /// <summary>W, pixels.</summary>
    public int Width => (int)Images.shape[3];

    /// <summary>H, pixels.</summary>
    public int Height => (int)Images.shape[2];
}

/// <summary>A batch before it is on a device: what loader threads make, without a tensor.</summary>
/// <param name="Pixels">[N, 3, H, W], row by row.</param>
/// <param name="Width">W.</param>
/// <param name="Height">H.</param>
/// <param name="Items">[N].</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The step it is for.</param>
public sealed record LoadedBatch(float[] Pixels, int Width, int Height, IReadOnlyList<BatchImage> Items, int Seed = 0, long Step = 0)
{
    /// <summary>What depends on the objects alone, such as which anchors are matched, worked out on the loader's thread.</summary>
    public object? Prepared { get; set; }

    /// <summary>The batch on a device; its images live in the caller's dispose scope.</summary>
    public Batch To(Device device) => new(tensor(Pixels, [Items.Count, 3, Height, Width]).to(device), Items, Seed, Step) { Prepared = Prepared };
}

/// <summary>What a trainer asks for its batches.</summary>
public interface IBatchSource
{
    /// <summary>Steps in which each image is seen about once.</summary>
    int StepsPerEpoch { get; }

    /// <summary>The batch of a step: a pure function of the source's seed and the step, whatever was asked before.</summary>
    LoadedBatch Load(long step);
}
