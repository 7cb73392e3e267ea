namespace Ballast;

public sealed partial class DetectionDataset
{
    /// <summary>
    /// Loads a data set: an annotation file, a folder, or a .zip read in place. The format is found by content (Ballast reads COCO JSON, Pascal VOC, YOLO
    /// and Open Images CSV) unless <see cref="LoadOptions.Format"/> names it; when more than one fits, nothing is guessed.
    /// </summary>
    /// <param name="path">The file, folder or .zip.</param>
    /// <param name="options">How to read; by default everything, with flaws reported.</param>
    /// <exception cref="InputException">There is nothing at the path, no format or more than one fits, the part is unknown, or a flaw was met under the
    /// strict policy.</exception>
    /// <exception cref="OperationCanceledException">Reading was cancelled.</exception>
    public static DetectionDataset Load(string path, LoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new();
        var tree = FileTree.OpenTree(path);
        try
        {
            var file = tree is FolderTree && !Directory.Exists(path) ? Path.GetFileName(path) : null;
            var (format, entry) = FormatDetection.Find(tree, file, path, options.Format);
            return format.Read(tree, entry, path, options);
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }
}
