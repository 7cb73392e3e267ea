namespace Ballast.Training;

/// <summary>An object that a detector found.</summary>
/// <param name="Class">Its class, 0..K-1.</param>
/// <param name="Name">The class' name.</param>
/// <param name="Probability">How sure the detector is, in [0, 1].</param>
/// <param name="Box">Where it is, pixels of the image as it is displayed.</param>
public readonly record struct FoundObject(int Class, string Name, float Probability, Box Box);

/// <summary>How to look at an image, and what to report.</summary>
public sealed record DetectOptions
{
    private readonly float? _probability;

    /// <summary>Probability from which an object is reported, in [0, 1]; null (the default) for each class' own threshold. 0 reports all that the detector gives.</summary>
    public float? MinimumProbability
    {
        get => _probability;
        init => _probability = value is null or (>= 0 and <= 1) ? value
            : throw new InputException($"DetectOptions.MinimumProbability is {value}; it must be from 0 to 1.");
    }

    /// <summary>Slices for images much larger than the detector's input; null (the default) for the image as a whole.</summary>
    public SliceOptions? Slices { get; init; }

    /// <summary>What sentences call the image.</summary>
    public string Name { get; init; } = "the image";

    /// <summary>Images whose header claims more are refused before decoding, megapixels.</summary>
    public int MaxMegapixels { get; init; } = 250;

    /// <summary>Stops between slices.</summary>
    public CancellationToken Cancellation { get; init; }
}
