using System.Globalization;
using System.Text;
using System.Xml;

namespace Ballast;

public sealed partial class PascalVocFormat
{
    private const BoxMarks Held = BoxMarks.Difficult | BoxMarks.Truncated | BoxMarks.Occluded;
    private const BoxMarks AsDifficult = BoxMarks.Crowd | BoxMarks.Ignore | BoxMarks.Difficult;

    private static readonly XmlWriterSettings Settings = new()
    {
        OmitXmlDeclaration = true,
        Indent = true,
        IndentChars = "\t",
        NewLineChars = "\n",
        Encoding = new UTF8Encoding(false),
    };

    /// <inheritdoc/>
    internal override NameScope Names => NameScope.Set;

    /// <inheritdoc/>
    internal override string PlaceOf(ImageTable images, int image) => $"JPEGImages/{images.File(image)}";

    /// <summary>
    /// Writes <c>Annotations/NAME.xml</c>, <c>ImageSets/Main/PART.txt</c> (trainval too where there are both) and <c>labelmap.txt</c>, which keeps the
    /// order of classes and those without a box. Crowd and ignore regions are written as difficult, which the evaluation leaves out. Corners are written
    /// as continuous coordinates, or 1-based when they were read so.
    /// </summary>
    internal override IReadOnlyList<FormatLoss> Write(DetectionDataset dataset, string folder, CancellationToken cancellation)
    {
        var images = dataset.Images;
        Directory.CreateDirectory(Path.Combine(folder, "Annotations"));
        Conversion.ForEach(images.Count, image => WriteXml(dataset, image, Path.Combine(folder, "Annotations", StemOf(images, image) + ".xml")), cancellation);
        if (images.PartNames.Count > 0) WriteLists(images, folder);
        var labels = new StringBuilder("# label:color_rgb:parts:actions\n");
        foreach (var name in dataset.Classes) labels.Append(Text(name)).Append(":::\n");
        File.WriteAllText(Path.Combine(folder, "labelmap.txt"), labels.ToString());
        return LossOf(dataset);
    }

    /// <inheritdoc/>
    internal override IReadOnlyList<FormatLoss> LossOf(DetectionDataset dataset)
        => LossCounter.Count(dataset, EncodingFor(dataset), Held, "written as difficult", holdsAbsentClasses: false);

    private static BoxEncoding EncodingFor(DetectionDataset dataset)
        => dataset.Boxes.Encoding == BoxEncoding.CornersOneBased ? BoxEncoding.CornersOneBased : BoxEncoding.Corners;

    private static void WriteXml(DetectionDataset dataset, int image, string path)
    {
        using var xml = XmlWriter.Create(path, Settings);
        xml.WriteStartElement("annotation");
        xml.WriteElementString("folder", "JPEGImages");
        xml.WriteElementString("filename", dataset.Images.File(image));
        xml.WriteStartElement("size");
        Write(xml, "width", dataset.Images.Width(image));
        Write(xml, "height", dataset.Images.Height(image));
        Write(xml, "depth", 3);
        xml.WriteEndElement();
        Write(xml, "segmented", 0);
        var (start, end) = BoxNumbers.LackSize(dataset, image, EncodingFor(dataset)) ? (0, 0) : dataset.Boxes.Of(image);
        for (var box = start; box < end; box++)
        {
            if (dataset.Boxes.Class(box) >= 0) WriteObject(xml, dataset, image, box);
        }

        xml.WriteEndElement();
    }

    private static void WriteObject(XmlWriter xml, DetectionDataset dataset, int image, int box)
    {
        var marks = dataset.Boxes.Marks(box);
        var (x1, y1, x2, y2) = BoxNumbers.Of(dataset, image, box, EncodingFor(dataset));
        xml.WriteStartElement("object");
        xml.WriteElementString("name", Text(dataset.Classes[dataset.Boxes.Class(box)]));
        xml.WriteElementString("pose", "Unspecified");
        Write(xml, "truncated", marks.HasFlag(BoxMarks.Truncated) ? 1 : 0);
        Write(xml, "occluded", marks.HasFlag(BoxMarks.Occluded) ? 1 : 0);
        Write(xml, "difficult", (marks & AsDifficult) != 0 ? 1 : 0);
        xml.WriteStartElement("bndbox");
        Write(xml, "xmin", x1);
        Write(xml, "ymin", y1);
        Write(xml, "xmax", x2);
        Write(xml, "ymax", y2);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteLists(ImageTable images, string folder)
    {
        var main = Directory.CreateDirectory(Path.Combine(folder, "ImageSets", "Main")).FullName;
        var parts = PartName.ForWriting(images.PartNames, name => name);
        for (var part = 0; part < parts.Length; part++) WriteList(parts[part], image => images.Part(image) == part);
        var (train, val) = (Array.IndexOf(parts, "train"), Array.IndexOf(parts, "val"));
        if (train >= 0 && val >= 0 && Array.IndexOf(parts, "trainval") < 0)
            WriteList("trainval", image => images.Part(image) == train || images.Part(image) == val);

        void WriteList(string name, Func<int, bool> belongs)
            => File.WriteAllLines(Path.Combine(main, name + ".txt"), Enumerable.Range(0, images.Count).Where(belongs).Select(image => StemOf(images, image)));
    }

    private static void Write(XmlWriter xml, string name, double value) => xml.WriteElementString(name, value.ToString(CultureInfo.InvariantCulture));

    private static string StemOf(ImageTable images, int image)
        => ImageName.HasImageExtension(images.File(image)) ? Path.GetFileNameWithoutExtension(images.File(image)) : images.File(image);

    /// <summary>A class name as XML and lists can hold it: control characters become blanks.</summary>
    private static string Text(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes()) text.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? " " : rune.ToString());
        return text.ToString().Trim();
    }
}
