using System.Globalization;
using System.Text;

namespace Ballast;

public sealed partial class YoloFormat
{
    /// <summary>The folder for images of no part, when others have one.</summary>
    private const string Unassigned = "unassigned";

    private const BoxMarks LeftOut = BoxMarks.Crowd | BoxMarks.Ignore;

    /// <summary>Words that some YAML readers take for other than text.</summary>
    private static readonly string[] YamlWords = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <inheritdoc/>
    internal override NameScope Names => NameScope.Part;

    /// <summary>Labels hold no sizes, and tools find them through the images.</summary>
    internal override ImageTransfer DefaultImages => ImageTransfer.Copy;

    /// <inheritdoc/>
    internal override string PlaceOf(ImageTable images, int image) => $"images/{FolderOf(PartFolders(images), images.Part(image))}{images.File(image)}";

    /// <summary>
    /// Writes <c>data.yaml</c>, <c>labels/PART/NAME.txt</c> beside <c>images/PART/</c>, and a list of images for each part. Numbers are the shortest that
    /// read back as they are (five columns as every tool reads them, more digits than six). The configuration names folders where the images are there,
    /// and the lists where they are not.
    /// </summary>
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation)
    {
        var images = dataset.Images;
        var parts = PartFolders(images);
        Directory.CreateDirectory(Path.Combine(folder, "labels"));
        foreach (var part in parts.Append(Unassigned).Where(_ => parts.Length > 0)) Directory.CreateDirectory(Path.Combine(folder, "labels", part));
        Conversion.ForEach(images.Count, WriteRows, cancellation);
        if (parts.Length > 0) WriteLists(images, parts, folder);
        File.WriteAllText(Path.Combine(folder, "data.yaml"), Configuration(dataset, parts, folder));
        return LossOf(dataset);

        void WriteRows(int image)
        {
            var name = images.File(image);
            var stem = ImageName.HasImageExtension(name) ? name[..name.LastIndexOf('.')] : name;
            File.WriteAllText(Path.Combine(folder, "labels", FolderOf(parts, images.Part(image)) + stem + ".txt"), Rows(dataset, image));
        }
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset)
        => LossCounter.Count(dataset, BoxEncoding.NormalizedCenterSize, BoxMarks.None, "left out", holdsAbsentClasses: false);

    private static string Rows(DetectionDataset dataset, int image)
    {
        if (BoxNumbers.LackSize(dataset, image, BoxEncoding.NormalizedCenterSize)) return "";
        var text = new StringBuilder();
        var (start, end) = dataset.Boxes.Of(image);
        for (var box = start; box < end; box++)
        {
            var number = dataset.Boxes.Class(box);
            if (number < 0 || (dataset.Boxes.Marks(box) & LeftOut) != 0) continue;
            var (x, y, width, height) = BoxNumbers.Of(dataset, image, box, BoxEncoding.NormalizedCenterSize);
            text.Append(CultureInfo.InvariantCulture, $"{number} {x} {y} {width} {height}\n");
        }

        return text.ToString();
    }

    private static void WriteLists(ImageTable images, string[] parts, string folder)
    {
        for (var part = ImageTable.NoPart; part < parts.Length; part++)
        {
            var lines = new StringBuilder();
            for (var image = 0; image < images.Count; image++)
            {
                if (images.Part(image) == part) lines.Append("./images/").Append(FolderOf(parts, part)).Append(images.File(image)).Append('\n');
            }

            if (part >= 0 || lines.Length > 0) File.WriteAllText(Path.Combine(folder, $"{(part < 0 ? Unassigned : parts[part])}.txt"), lines.ToString());
        }
    }

    private static string Configuration(DetectionDataset dataset, string[] parts, string folder)
    {
        var text = new StringBuilder("# Folders are relative to this file.\n");
        var hasUnassigned = parts.Length > 0 && Enumerable.Range(0, dataset.Images.Count).Any(image => dataset.Images.Part(image) < 0);
        var all = hasUnassigned ? [.. parts, Unassigned] : parts;
        foreach (var part in all)
            text.Append($"{Quoted(part)}: {Quoted(Directory.Exists(Path.Combine(folder, "images", part)) ? $"images/{part}" : $"{part}.txt")}\n");
        if (parts.Length == 0) text.Append("# This set has no parts: split it before training, then name them here (train: images/train, val: images/val).\n");
        text.Append(CultureInfo.InvariantCulture, $"nc: {dataset.Classes.Count}\nnames:{(dataset.Classes.Count == 0 ? " []" : "")}\n");
        for (var i = 0; i < dataset.Classes.Count; i++) text.Append(CultureInfo.InvariantCulture, $"  {i}: {Quoted(dataset.Classes[i])}\n");
        return text.ToString();
    }

    /// <summary>Names of the folders of parts; none that the layout or the configuration uses itself.</summary>
    private static string[] PartFolders(ImageTable images)
        => PartName.ForWriting(images.PartNames, name => YoloConfig.IsOtherKey(name) || name is "images" or "labels" or Unassigned ? $"part-{name}" : name);

    private static string FolderOf(string[] parts, int part) => part >= 0 ? parts[part] + "/" : parts.Length > 0 ? Unassigned + "/" : "";

    /// <summary>A scalar of YAML: as it is when it is a plain word, else in double quotes with everything unusual escaped.</summary>
    private static string Quoted(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '/' or '.');
        if (isPlain && !Array.Exists(YamlWords, word => word.Equals(text, StringComparison.OrdinalIgnoreCase))) return text;
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or (>= '\uFFFE' and <= '\uFFFF'))
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
