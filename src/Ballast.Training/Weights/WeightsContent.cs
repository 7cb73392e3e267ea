namespace Ballast.Training;

/// <summary>What a reader found in a file.</summary>
/// <param name="Tensors">In the file's order.</param>
/// <param name="Metadata">What the file says of itself.</param>
internal sealed record WeightsContent(List<StoredTensor> Tensors, Dictionary<string, string> Metadata)
{
    /// <summary>The dictionary inside the file that the tensors are of; null for the outermost.</summary>
    public string? Section { get; init; }

    /// <summary>Names whose values are no tensors.</summary>
    public List<string> Others { get; init; } = [];
}
