namespace Ballast;

public sealed partial class DetectionDataset
{
    /// <summary>
    /// Writes the data set in a format, with its parts in the format's own way. The folder must be new or empty; it appears whole or not at all, and
    /// loads again as it is. Reading the result and converting back gives the same numbers when they have up to seven decimals, and others to a unit or
    /// two in a double's last place.
    /// </summary>
    /// <param name="folder">Where to write.</param>
    /// <param name="format">Name of the format: coco, voc, yolo, open-images.</param>
    /// <param name="options">How to write.</param>
    /// <returns>What was lost, and which images were not found.</returns>
    /// <exception cref="InputException">The format is unknown, the folder is taken or cannot be written, or something would be lost under <see
    /// cref="SaveOptions.Strict"/>.</exception>
    /// <exception cref="OperationCanceledException">Writing was cancelled; nothing is left behind.</exception>
    public SaveResult Save(string folder, string format, SaveOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(format);
        return Conversion.Write(this, folder, FormatDetection.ByName(format), options ?? new());
    }
}
