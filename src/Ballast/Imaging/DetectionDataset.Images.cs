namespace Ballast;

public sealed partial class DetectionDataset
{
    private readonly Lock _locating = new();
    private ImageLocator? _locator;

    /// <summary>Finds the files of images; made at the first use.</summary>
    internal ImageLocator Locator
    {
        get
        {
            if (_locator is { } locator) return locator;
            lock (_locating) return _locator ??= new(Source.Tree, Source.AnnotationFolder, Source.ImageFolders, Source.AllowOutside);
        }
    }

    /// <summary>
    /// Where the file of an image is, or null when it is not found, several could be meant, or its path leads outside. Safe to call from several threads.
    /// </summary>
    /// <exception cref="InputException">A folder that was named for images does not exist.</exception>
    public ImagePlace? FindImage(int image) => Locator.Find(Images.File(image));

    /// <summary>Opens the file of an image, or null when <see cref="FindImage"/> does not find it. Safe to call from several threads.</summary>
    /// <exception cref="InputException">The file is there and cannot be read, or a folder that was named for images does not exist.</exception>
    public Stream? OpenImage(int image) => FindImage(image)?.Open();
}
