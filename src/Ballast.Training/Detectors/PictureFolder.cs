namespace Ballast.Training;

/// <summary>Pictures of what was found, a file for each image. Unless they are kept at the end they are deleted: a run that was stopped leaves nothing half done.</summary>
internal sealed class PictureFolder : IDisposable
{
    private const int Quality = 92;

    private readonly string _folder;
    private readonly bool _isNew;
    private readonly ImageSet _images;
    private readonly DetectionPainter _painter;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _files = [];
    private bool _keeps;

    /// <summary>Makes the folder when it does not exist.</summary>
    /// <exception cref="InputException">It is the images' own folder, where a picture could overwrite one, or cannot be made.</exception>
    public PictureFolder(string folder, ImageSet images, TrainedDetector detector)
    {
        (_folder, _images, _painter) = (folder, images, new(detector.Classes, [.. detector.Facts.Objects]));
        if (images.Folder is { } own && Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(own)))
            throw new InputException($"'{folder}' holds the images themselves, and a picture could overwrite one. Give another folder.");
        _isNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{folder}' cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Paints an image and writes the picture.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(int image, Pixels pixels, IReadOnlyList<FoundObject> objects)
    {
        var boxes = new BoxArray(objects.Count);
        foreach (var each in objects) boxes.Add(each.Box);
        var picture = _painter.Paint(pixels, boxes, [.. objects.Select(each => each.Class)], [.. objects.Select(each => each.Probability)]);
        var path = Path.Combine(_folder, NameFor(image));
        Unfinished.Add(path);
        _files.Add(path);
        AtomicFile.Write(path, stream => ImageFile.Encode(picture, stream, ImageCodec.Jpeg, Quality));
    }

    /// <summary>Keeps what was written.</summary>
    public IReadOnlyList<string> Keep()
    {
        _keeps = true;
        return _files;
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            if (!_keeps) File.Delete(file);
            Unfinished.Remove(file);
        }

        if (!_keeps && _isNew && Directory.Exists(_folder) && !Directory.EnumerateFileSystemEntries(_folder).Any()) Directory.Delete(_folder);
    }

    /// <summary>The image's file name as a .jpg; with its folders, or the number of the image, in front where another picture has it.</summary>
    private string NameFor(int image)
    {
        string[] steps = [.. ImageName.Steps(_images.NameOf(image)).Where(step => step != "..")];
        foreach (var name in new[] { steps.Length == 0 ? "image" : steps[^1], string.Join('-', steps), $"{image}-{steps.LastOrDefault()}" })
        {
            var file = Path.ChangeExtension(name, ".jpg");
            if (_names.Add(file)) return file;
        }

        return $"{image}.jpg";
    }
}
