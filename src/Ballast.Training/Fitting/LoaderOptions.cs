namespace Ballast.Training;

/// <summary>How batches are put together. Neither threads nor how far ahead they work change a batch.</summary>
public sealed record LoaderOptions
{
    private readonly int _batch = 4;
    private readonly int _threads;
    private readonly int _ahead = 2;

    /// <summary>Images of a batch, 1 to 4,096.</summary>
    public int BatchSize { get => _batch; init => _batch = InRange(value, 1, 4096, nameof(BatchSize)); }

    /// <summary>Threads that decode and draw, 1 to 256; 0 for as many as the machine has processors, at most 8.</summary>
    public int Threads { get => _threads; init => _threads = InRange(value, 0, 256, nameof(Threads)); }

    /// <summary>Batches that are made before they are asked for, 0 to 64; each holds its pixels.</summary>
    public int Ahead { get => _ahead; init => _ahead = InRange(value, 0, 64, nameof(Ahead)); }

    /// <summary>How often each image is shown.</summary>
    public ImageSampler Images { get; init; } = new UniformImageSampler();

    /// <summary>Random changes of images, in order.</summary>
    public Values<Augmentation> Augmentations { get; init; } = [new FlipAugmentation()];

    /// <summary>Whether an image that cannot be decoded ends the training; otherwise another takes its place, and it is counted.</summary>
    public bool Strict { get; init; }

    private static int InRange(int value, int least, int most, string name)
        => value >= least && value <= most ? value : throw new InputException($"LoaderOptions.{name} is {value}; it must be {least} to {most}.");
}
