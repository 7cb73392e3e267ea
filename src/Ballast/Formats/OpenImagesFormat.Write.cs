using System.Globalization;
using System.Text;

namespace Ballast;

public sealed partial class OpenImagesFormat
{
    private const BoxMarks Held = BoxMarks.Crowd | BoxMarks.Occluded | BoxMarks.Truncated | BoxMarks.Depiction | BoxMarks.Inside;

    private static readonly BoxMarks[] FlagColumns = [BoxMarks.Occluded, BoxMarks.Truncated, BoxMarks.Crowd, BoxMarks.Depiction, BoxMarks.Inside];

    /// <inheritdoc/>
    internal override NameScope Names => NameScope.Set;

    /// <summary>The files hold no sizes.</summary>
    internal override ImageTransfer DefaultImages => ImageTransfer.Copy;

    /// <inheritdoc/>
    internal override string PlaceOf(ImageTable images, int image)
        => images.Part(image) is >= 0 and var part ? $"{PartFiles(images)[part]}/{images.File(image)}" : $"images/{images.File(image)}";

    /// <summary>
    /// Writes <c>PART-annotations-bbox.csv</c>, <c>PART-images-with-rotation.csv</c> and, where classes are known to be absent,
    /// <c>PART-annotations-human-imagelabels.csv</c>, for each part (files without the prefix for images of none), and
    /// <c>class-descriptions-boxable.csv</c>. Classes keep their codes; those without one get <c>/c/</c> and their number.
    /// </summary>
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation)
    {
        var parts = PartFiles(dataset.Images);
        var codes = Codes(dataset.Classes);
        var images = Enumerable.Range(0, dataset.Images.Count).ToLookup(dataset.Images.Part);
        for (var part = ImageTable.NoPart; part < parts.Length; part++)
        {
            if (part < 0 && parts.Length > 0 && !images[part].Any()) continue;
            var prefix = $"{folder}{Path.DirectorySeparatorChar}{(part < 0 ? "" : parts[part] + "-")}";
            WriteImages(dataset, [.. images[part]], part < 0 ? "" : parts[part], prefix);
            WriteBoxes(dataset, [.. images[part]], codes, prefix, cancellation);
            WriteAbsent(dataset, [.. images[part]], codes, prefix);
        }

        File.WriteAllLines(Path.Combine(folder, "class-descriptions-boxable.csv"), dataset.Classes.Select((name, i) => $"{Field(codes[i])},{Field(name)}"));
        return LossOf(dataset);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset)
        => LossCounter.Count(dataset, BoxEncoding.NormalizedCorners, Held, "left out", holdsAbsentClasses: true);

    private static void WriteBoxes(DetectionDataset dataset, int[] images, string[] codes, string prefix, CancellationToken cancellation)
    {
        using var writer = new StreamWriter(prefix + "annotations-bbox.csv", append: false, new UTF8Encoding(false), 1 << 16);
        writer.Write("ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n");
        foreach (var image in images)
        {
            cancellation.ThrowIfCancellationRequested();
            if (BoxNumbers.LackSize(dataset, image, BoxEncoding.NormalizedCorners)) continue;
            var (start, end) = dataset.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var marks = dataset.Boxes.Marks(box);
                if (dataset.Boxes.Class(box) < 0 || marks.HasFlag(BoxMarks.Ignore)) continue;
                var (x1, y1, x2, y2) = BoxNumbers.Of(dataset, image, box, BoxEncoding.NormalizedCorners);
                var (id, code) = (Field(IdOf(dataset.Images, image)), Field(codes[dataset.Boxes.Class(box)]));
                var flags = string.Join(',', FlagColumns.Select(mark => (marks & mark) != 0 ? 1 : 0));
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{id},xclick,{code},1,{x1},{x2},{y1},{y2},{flags}\n"));
            }
        }
    }

    private static void WriteImages(DetectionDataset dataset, int[] images, string part, string prefix)
    {
        var lines = images.Select(image => $"{Field(IdOf(dataset.Images, image))},{part},,");
        File.WriteAllLines(prefix + "images-with-rotation.csv", lines.Prepend("ImageID,Subset,OriginalURL,Rotation"));
    }

    private static void WriteAbsent(DetectionDataset dataset, int[] images, string[] codes, string prefix)
    {
        var lines = new List<string>();
        foreach (var image in images)
        {
            foreach (var index in dataset.Images.AbsentClasses(image)) lines.Add($"{Field(IdOf(dataset.Images, image))},verification,{Field(codes[index])},0");
        }

        if (lines.Count > 0) File.WriteAllLines(prefix + "annotations-human-imagelabels.csv", lines.Prepend("ImageID,Source,LabelName,Confidence"));
    }

    /// <summary>Codes of the classes, all different.</summary>
    private static string[] Codes(ClassTable classes)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, classes.Count).Select(i => classes.Code(i) is { } code && taken.Add(code) ? code : SafeName.Unique($"/c/{i}", taken))];
    }

    private static string[] PartFiles(ImageTable images) => PartName.ForWriting(images.PartNames, name => name == "val" ? "validation" : name);

    private static string IdOf(ImageTable images, int image)
        => ImageName.HasImageExtension(images.File(image)) ? Path.GetFileNameWithoutExtension(images.File(image)) : images.File(image);

    /// <summary>A field of a CSV row: quoted where it must be; a line break, which would end the row, becomes a blank.</summary>
    private static string Field(string text)
    {
        if (text.AsSpan().IndexOfAny("\r\n") >= 0) text = text.ReplaceLineEndings(" ");
        return text.Length > 0 && text.AsSpan().IndexOfAny(",\"") < 0 && text[0] != ' ' && text[^1] != ' ' ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}
