using System.Text;

namespace Ballast;

/// <summary>What painting images into a folder gave.</summary>
/// <param name="Files">The pictures written, in the order of the images.</param>
/// <param name="Skipped">A sentence for each image that could not be painted.</param>
public sealed record PaintedImages(IReadOnlyList<string> Files, IReadOnlyList<string> Skipped);

public sealed partial class BoxPainter
{
    private const int MostNameCharacters = 120;

    /// <summary>
    /// Paints images into a folder, in parallel; each file is written whole or not at all. A picture is named after its image's file; where two share a name,
    /// their folders are put in front, and their positions where that does not help.
    /// </summary>
    /// <param name="images">Indices of the images.</param>
    /// <param name="folder">Made when it does not exist. Never written through: names cannot leave it.</param>
    /// <param name="codec">JPEG, PNG or WebP.</param>
    /// <param name="progress">Told the share of images done, in [0, 1].</param>
    /// <param name="cancellation">Stops painting; files written so far stay.</param>
    /// <exception cref="InputException">The folder cannot be written, or no image at all can be painted.</exception>
    /// <exception cref="OperationCanceledException">Painting was stopped.</exception>
    public PaintedImages Write(
        IReadOnlyList<int> images, string folder, ImageCodec codec = ImageCodec.Jpeg, IProgress<double>? progress = null, CancellationToken cancellation = default)
        => Write(images, folder, Paint, "", codec, progress, cancellation);

    /// <summary>The same for pictures that something else paints, with what their names end in.</summary>
    internal PaintedImages Write(
        IReadOnlyList<int> images, string folder, Func<int, Pixels?> paint, string suffix, ImageCodec codec, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(folder);
        RefuseOwnFolder(images, folder);
        var names = NamesFor(images, suffix, codec);
        var files = new string?[images.Count];
        var skipped = new string?[images.Count];
        var done = 0;
        Run(() => Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var path = Path.Combine(folder, names[i]);
            skipped[i] = WriteOne(images[i], path, paint, codec);
            if (skipped[i] is null) files[i] = path;
            progress?.Report((double)Interlocked.Increment(ref done) / images.Count);
        }));
        if (images.Count > 0 && images.All(image => _data.FindImage(image) is null))
        {
            throw new InputException(ImageCheck.Nothing(_data, images));
        }

        if (images.Count > 0 && Array.TrueForAll(files, file => file is null))
            throw new InputException(images.Count == 1 ? skipped[0]! : $"None of the {images.Count:N0} images could be painted: {skipped[0]}");

        return new([.. files.OfType<string>()], [.. skipped.OfType<string>()]);
    }

    /// <summary>Paints and writes one image; returns why it could not be painted. A folder that cannot be written throws: it would fail for all.</summary>
    private string? WriteOne(int image, string path, Func<int, Pixels?> paint, ImageCodec codec)
    {
        Pixels? picture;
        try
        {
            picture = paint(image);
        }
        catch (InputException e)
        {
            return e.Message;
        }

        if (picture is null) return $"'{_data.Images.File(image)}' was not found.";
        AtomicFile.Write(path, stream => ImageFile.Encode(picture, stream, codec, PictureQuality));
        return null;
    }

    /// <summary>Runs parallel work and lets the one thing a person can act on through.</summary>
    private static void Run(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => inner is InputException or IOException) is { } first)
        {
            throw new InputException(first is InputException ? first.Message : $"The pictures cannot be written: {first.Message}", e);
        }
    }

    /// <summary>A picture is named after its image, so the folder the images are in would have them overwritten.</summary>
    private void RefuseOwnFolder(IReadOnlyList<int> images, string folder)
    {
        var realPath = new RealPath();
        var target = realPath.Of(Path.GetFullPath(folder));
        foreach (var image in images)
        {
            if (_data.FindImage(image) is not { Tree: FolderTree tree } place) continue;
            if (realPath.Of(Path.GetDirectoryName(Path.GetFullPath(Path.Combine(tree.FullPath, place.Entry)))!) == target)
                throw new InputException($"'{folder}' holds the data set's own images, and a picture could overwrite one. Give another folder.");
        }
    }

    private string[] NamesFor(IReadOnlyList<int> images, string suffix, ImageCodec codec)
    {
        var extension = codec switch
        {
            ImageCodec.Jpeg => ".jpg",
            ImageCodec.Png => ".png",
            ImageCodec.WebP => ".webp",
            _ => throw new ArgumentOutOfRangeException(nameof(codec), codec, "Images are written as JPEG, PNG or WebP."),
        };
        var steps = images.Select(image => ImageName.Steps(_data.Images.File(image))).ToArray();
        var names = steps.Select(step => FileName(step.TakeLast(1))).ToArray();
        Distinguish(names, i => FileName(steps[i]));
        Distinguish(names, i => $"{names[i]}-{images[i]}");
        return [.. names.Select(name => name + suffix + extension)];
    }

    /// <summary>Gives names that occur more than once (upper and lower case alike, as some file systems have it) another form.</summary>
    private static void Distinguish(string[] names, Func<int, string> other)
    {
        foreach (var group in Enumerable.Range(0, names.Length).GroupBy(i => names[i], StringComparer.OrdinalIgnoreCase).Where(group => group.Skip(1).Any()).ToArray())
        {
            foreach (var i in group) names[i] = other(i);
        }
    }

    /// <summary>Steps of a path as one file name: letters of any script, digits and a few marks stay, everything else becomes a low line.</summary>
    private static string FileName(IEnumerable<string> steps)
    {
        var joined = Path.GetFileNameWithoutExtension(string.Join("-", steps.Where(step => step != "..")));
        var name = new StringBuilder();
        foreach (var rune in joined.EnumerateRunes()) name.Append(Rune.IsLetterOrDigit(rune) || rune.Value is '-' or '_' or '.' or ' ' ? rune.ToString() : "_");
        var text = name.ToString().Trim(' ', '.');
        return text.Length == 0 ? "image" : text.Length > MostNameCharacters ? text[..MostNameCharacters].TrimEnd(' ', '.') : text;
    }
}
