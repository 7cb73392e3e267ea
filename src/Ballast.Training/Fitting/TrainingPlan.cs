using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What is to be trained, and where it is kept.</summary>
public sealed record TrainingPlan
{
    /// <summary>The recipe.</summary>
    public required TrainingRecipe Recipe { get; init; }

    /// <summary>The folder of the run.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether a run that stopped goes on; otherwise its folder must not hold one.</summary>
    public bool Resume { get; init; }

    /// <summary>How the data is read; under the strict policy an image that cannot be decoded stops the run.</summary>
    public LoadOptions Loading { get; init; } = new();

    /// <summary>Where the detector is trained: "cpu" or "cuda".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The seed of a split that is made where the data has no parts; null for the recipe's. Runs that are compared share it, or they would be measured on different images.</summary>
    public int? SplitSeed { get; init; }

    /// <summary>Draws of the images for intervals at the end; 0 for none.</summary>
    public int Replicates { get; init; } = EvaluationIntervals.DefaultReplicates;

    /// <summary>The device, when it is there.</summary>
    /// <exception cref="InputException">There is no such device, or this build has no library for it.</exception>
    internal Device Target => Device switch
    {
        "cpu" => CPU,
        "cuda" when cuda.is_available() => CUDA,
        "cuda" => throw new InputException("There is no CUDA device, or this build of Ballast has no CUDA libraries (build with -p:TorchBackend=cuda). Leave --device out for the processor."),
        _ => throw new InputException($"'{Device}' is no device; write cpu or cuda."),
    };

    /// <summary>The next free folder for a run: <c>runs/NAME-1</c>, <c>runs/NAME-2</c> ...</summary>
    /// <param name="name">What the run is called; what a file name cannot hold is replaced.</param>
    /// <param name="above">The folder of all runs.</param>
    public static string NextFolder(string name, string above = "runs")
    {
        var safe = SafeName.OfStep(name);
        var taken = Directory.Exists(above) ? Directory.EnumerateFileSystemEntries(above, $"{safe}-*").Select(path => Path.GetFileName(path)[(safe.Length + 1)..]).Select(text => int.TryParse(text, out var number) ? number : 0).DefaultIfEmpty(0).Max() : 0;
        return Path.Combine(above, $"{safe}-{taken + 1}");
    }
}
