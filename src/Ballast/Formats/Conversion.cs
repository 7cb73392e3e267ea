using System.Runtime.ExceptionServices;

namespace Ballast;

/// <summary>
/// Writes a data set in a format: the images first, where they are wanted, then the annotations, and the folder gets its name when all is there.
/// </summary>
internal static class Conversion
{
    private const int MostListed = 20;

    public static SaveResult Write(DetectionDataset dataset, string folder, AnnotationFormat format, SaveOptions options)
    {
        var losses = format.LossOf(dataset);
        if (options.Strict && losses.Count > 0)
        {
            var list = string.Join(", ", losses.Select(loss => $"{loss.Count} {loss.What}"));
            throw new InputException($"{format.Title} cannot hold all of '{dataset.Source.Path}': {list}. Nothing was written; convert without --strict to lose them, "
                + "or choose another format.");
        }

        using var output = new OutputFolder(folder);
        var transfer = options.Images ?? format.DefaultImages;
        var places = transfer == ImageTransfer.None ? null : Locate(dataset, options);
        var missing = places is null ? [] : Enumerable.Range(0, places.Length).Where(image => places[image] is null).ToArray();
        if (options.Strict && missing.Length > 0)
        {
            throw new InputException($"{missing.Length} images of '{dataset.Source.Path}' are not found, the first is '{dataset.Images.File(missing[0])}'; "
                + $"searched {string.Join(", ", dataset.Locator.Searched)}. Name their folder with --images.");
        }

        var named = Named(dataset, format, places);
        if (places is not null) Transfer(named.Images, format, places, transfer, output, options);
        output.Explain(() => losses = format.Write(named, output.Working, options.Cancellation));
        options.Cancellation.ThrowIfCancellationRequested();
        output.Finish();
        options.Progress?.Report(1);
        string[] shown = [.. missing.Take(MostListed).Select(dataset.Images.File)];
        var searched = missing.Length > 0 ? dataset.Locator.Searched : [];
        return new(folder, format.Name, losses, (places?.Length ?? 0) - missing.Length, missing.Length, shown, searched);
    }

    /// <summary>Runs work for 0..count-1 on all cores; of what they throw, the first that means something is thrown.</summary>
    public static void ForEach(int count, Action<int> work, CancellationToken cancellation)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, work);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is InputException) ?? e.InnerExceptions[0]);
        }
    }

    private static ImagePlace?[] Locate(DetectionDataset dataset, SaveOptions options)
    {
        var places = new ImagePlace?[dataset.Images.Count];
        ForEach(places.Length, image => places[image] = dataset.FindImage(image), options.Cancellation);
        return places;
    }

    /// <summary>The data set under file names that are safe to write and that the format can tell apart.</summary>
    private static DetectionDataset Named(DetectionDataset dataset, AnnotationFormat format, ImagePlace?[]? places)
    {
        var files = SafeName.Of(dataset.Images, format.Names, ExtensionOf);
        return new(dataset.Name, dataset.Source, dataset.Classes, dataset.Images.WithFiles(files), dataset.Boxes, dataset.Flaws, dataset.UnplacedBoxes);

        string ExtensionOf(int image) => places?[image] is { } place && ImageName.HasImageExtension(place.Entry) ? Path.GetExtension(place.Entry) : "";
    }

    private static void Transfer(
        ImageTable images, AnnotationFormat format, ImagePlace?[] places, ImageTransfer transfer, OutputFolder output, SaveOptions options) => output.Explain(() =>
    {
        var done = 0;
        ForEach(places.Length, TransferOne, options.Cancellation);

        void TransferOne(int image)
        {
            if (places[image] is not { } place) return;
            var path = output.PathOf(format.PlaceOf(images, image));
            if (transfer == ImageTransfer.Link && place.Tree is FolderTree folder)
                File.CreateSymbolicLink(path, Path.GetFullPath(Path.Combine(folder.FullPath, place.Entry)));
            else Copy(place, path);
            if (Interlocked.Increment(ref done) is var count && count % 256 == 0) options.Progress?.Report(0.9 * count / places.Length);
        }
    });

    private static void Copy(ImagePlace place, string path)
    {
        if (place.Tree is FolderTree folder)
        {
            // Copies by the system share the blocks where the file system can.
            File.Copy(Path.Combine(folder.FullPath, place.Entry), path);
            return;
        }

        using var from = place.Tree.OpenForward(place.Entry);
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        from.CopyTo(to);
    }
}
