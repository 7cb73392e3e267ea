using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>
/// A training in one file: the detector with its remedies, the data, and how long and how fast to learn. The record is its own JSON form; what it leaves out has its
/// default, so a recipe says only what is special about it.
/// </summary>
public sealed record TrainingRecipe
{
    /// <summary>What the run is called; null for the recipe's file name.</summary>
    public string? Name { get; init; }

    /// <summary>What the recipe is for, a sentence for people; nothing depends on it.</summary>
    public string? About { get; init; }

    /// <summary>The detector: its parts, and the remedies in their slots.</summary>
    public DetectorOptions Detector { get; init; } = new RetinaNetOptions();

    /// <summary>How long and how fast it learns.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How images become batches.</summary>
    public LoaderOptions Loader { get; init; } = new();

    /// <summary>What is looked at while it trains; nothing in the weights depends on it.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>The data set: an annotation file, a folder or a .zip file, from the folder the command is run in; null when the command line names it.</summary>
    public string? Data { get; init; }

    /// <summary>What to train on: a part of the data (<c>train</c>) or a data set of its own; null for the part that is called so, or else a stratified share of all images.</summary>
    [JsonPropertyName("train")]
    public string? TrainOn { get; init; }

    /// <summary>What to validate on: a part of the data or a data set of its own; null for the part that is called so, or else the rest of the images.</summary>
    [JsonPropertyName("validate")]
    public string? ValidateOn { get; init; }

    /// <summary>What in it works and works against itself, a sentence each; to be read before the first step.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Notes => Compatibility.Notes(Detector.Sampler, Detector.ClassificationLoss, Detector.Objective, Loader.Images is not UniformImageSampler);

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">They contradict each other; the message says which and why.</exception>
    public void Validate() => Detector.Validate();
}
