namespace Ballast.Training;

/// <summary>What a run learns from and is measured on: parts of one data set, two data sets, or a split that was made because there are no parts.</summary>
public sealed class TrainingData : IDisposable
{
    private readonly List<FileTree> _opened;

    internal TrainingData(DetectionDataset train, DetectionDataset validation, DatasetSplit? split, IReadOnlyList<string> notes, List<FileTree> opened)
        => (Train, Validation, Split, Notes, _opened) = (train, validation, split, notes, opened);

    /// <summary>What is learned from; its classes are the detector's.</summary>
    public DetectionDataset Train { get; }

    /// <summary>What the detector is measured on; its classes stand in the same order.</summary>
    public DetectionDataset Validation { get; }

    /// <summary>The split that was made, or null when parts or data sets were there.</summary>
    public DatasetSplit? Split { get; }

    /// <summary>What was taken for what, and what was left out; a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Opens what a recipe names.</summary>
    /// <param name="recipe">Its data, and what of it to train and validate on.</param>
    /// <param name="options">How to read; under the strict policy an image that cannot be used is an error.</param>
    /// <param name="split">The split of an earlier run to go on with; null to make one where one is needed.</param>
    /// <param name="seed">The seed of a split that is made.</param>
    /// <exception cref="InputException">There is no such data or part, no object to learn, or the classes of the two differ.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainingData Open(TrainingRecipe recipe, LoadOptions? options = null, DatasetSplit? split = null, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var choice = new TrainingDataChoice(recipe, options ?? new(), split, seed);
        try
        {
            return choice.Open();
        }
        catch
        {
            choice.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tree in _opened) tree.Dispose();
    }
}
