namespace Ballast;

/// <summary>
/// Draws a data set that is out of balance in every way a diagnosis looks for: six classes, about 100 : 1 from balls to stars; stars tiny and at the edges,
/// rings in the middle, signs low, balls in crowds, a few images empty. COCO files of two parts, train and val (70 : 30). A function of the seed and the number
/// of images alone: JPEG bytes are the same per JPEG library, pixels everywhere.
/// </summary>
public static class DemoDataset
{
    private const int JpegQuality = 85;

    /// <summary>Draws the data set into a new folder.</summary>
    /// <param name="folder">Where to; must not exist, or be empty. It appears when everything is drawn.</param>
    /// <param name="seed">Another seed, another data set.</param>
    /// <param name="images">Number of images, 1 to 100,000.</param>
    /// <param name="progress">Receives the number of images drawn so far.</param>
    /// <param name="cancellation">Stops drawing; nothing is left behind.</param>
    /// <exception cref="InputException">The folder holds something, or cannot be written.</exception>
    public static void Write(string folder, int seed = 1, int images = 300, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Write(folder, seed, images, new Drawing(ImageCodec.Jpeg, Environment.ProcessorCount, progress, cancellation));

    internal static void Write(string folder, int seed, int images, Drawing drawing)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (images is < 1 or > 100_000) throw new InputException($"The demo cannot have {images} images; ask for 1 to 100000.");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw new InputException($"'{folder}' already holds something; give a new or empty folder.");
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Unfinished.Add(temporary);
            Directory.CreateDirectory(Path.Combine(temporary, "images"));
            var plan = new DemoPlan(seed, images);
            var labels = Draw(plan, seed, temporary, drawing);
            new CocoFormat().Write(Labelled(plan, labels, temporary, drawing), temporary, drawing.Cancellation);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(temporary, full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The demo cannot be written to '{folder}': {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            Unfinished.Remove(temporary);
        }
    }

    private static IReadOnlyList<DemoMark>[] Draw(DemoPlan plan, int seed, string folder, Drawing drawing)
    {
        var labels = new IReadOnlyList<DemoMark>[plan.Images];
        var done = 0;
        Parallel.For(0, plan.Images, new() { MaxDegreeOfParallelism = drawing.Threads, CancellationToken = drawing.Cancellation }, image =>
        {
            var drawn = DemoImage.Draw(plan, seed, image);
            using var stream = File.Create(Path.Combine(folder, "images", drawing.FileOf(image)));
            ImageFile.Encode(drawn.Pixels, stream, drawing.Codec, JpegQuality);
            labels[image] = drawn.Labels;
            drawing.Progress?.Report(Interlocked.Increment(ref done));
        });
        return labels;
    }

    private static DetectionDataset Labelled(DemoPlan plan, IReadOnlyList<DemoMark>[] labels, string folder, Drawing drawing)
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        for (var i = 0; i < DemoClass.All.Count; i++) builder.AddClass(DemoClass.All[i].Name, i + 1);
        var id = 0;
        for (var image = 0; image < plan.Images; image++)
        {
            var (width, height) = plan.Size(image);
            builder.AddImage(image + 1, drawing.FileOf(image), width, height, plan.Part(image));
            foreach (var mark in labels[image])
            {
                var (w, h) = (mark.X2 - mark.X1, mark.Y2 - mark.Y1);
                builder.AddBox(image, mark.Class, mark.X1, mark.Y1, w, h, id: ++id, area: w * (double)h);
            }
        }

        return builder.Build("Ballast demo", new("coco", folder, new FolderTree(folder)));
    }

    /// <summary>How the images are drawn, which changes nothing in them.</summary>
    internal sealed record Drawing(ImageCodec Codec, int Threads, IProgress<int>? Progress = null, CancellationToken Cancellation = default)
    {
        public string FileOf(int image) => $"{image + 1:D6}.{(Codec == ImageCodec.Jpeg ? "jpg" : "png")}";
    }
}
