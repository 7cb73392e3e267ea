using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>How the names of a file meet those of a module.</summary>
public sealed record WeightsLoadOptions
{
    /// <summary>
    /// What the file's names begin with and the module's do not: "backbone.body." takes a detector's backbone, "module." what was trained in parallel. Names
    /// without it are left out. Null, with <see cref="Into"/> null, finds the beginnings that fit most names.
    /// </summary>
    public string? From { get; init; }

    /// <summary>What the module's names begin with and the file's do not: "backbone.body." loads a backbone's file into a detector.</summary>
    public string? Into { get; init; }

    /// <summary>
    /// Changes a tensor on its way, by the name it has in the module: null leaves it out. For what is ordered otherwise, such as the rows of heads that count
    /// the background first.
    /// </summary>
    public Func<string, Tensor, Tensor?>? Adapt { get; init; }
}
