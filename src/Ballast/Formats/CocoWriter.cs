using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ballast;

/// <summary>Writes one COCO file of a data set: all of it, or the images of one part. Numbers are the shortest that read back as they are.</summary>
internal sealed class CocoWriter
{
    private const int FlushAt = 1 << 16;
    private readonly DetectionDataset _dataset;
    private readonly SegmentationReader _segmentations;
    private readonly int[] _images;
    private readonly CancellationToken _cancellation;

    private CocoWriter(DetectionDataset dataset, SegmentationReader segmentations, string fileName, int[] images, CancellationToken cancellation)
    {
        (_dataset, _segmentations, _images, _cancellation) = (dataset, segmentations, images, cancellation);
        FileName = fileName;
    }

    /// <summary>Name of the file, with its folder where there is one.</summary>
    public string FileName { get; }

    /// <summary>The writers of a data set's files: one, or one a part.</summary>
    public static CocoWriter[] Of(DetectionDataset dataset, SegmentationReader segmentations, CancellationToken cancellation)
    {
        var images = Enumerable.Range(0, dataset.Images.Count);
        var parts = images.GroupBy(dataset.Images.Part).OrderBy(part => part.Key).Select(part => (Number: part.Key, Images: part.ToArray())).ToArray();
        if (parts.All(part => part.Number == ImageTable.NoPart)) return [new(dataset, segmentations, "instances.json", [.. images], cancellation)];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. parts.Select(part => new CocoWriter(dataset, segmentations, FileOf(dataset.Images, part.Number, taken), part.Images, cancellation))];
    }

    /// <summary>Writes the file.</summary>
    public void WriteTo(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var classIds = UniqueIds.Of(_dataset.Classes.Count, _dataset.Classes.Id);
        json.WriteStartObject();
        json.WriteStartObject("info");
        json.WriteString("description", _dataset.Name);
        json.WriteEndObject();
        json.WriteStartArray("licenses");
        json.WriteEndArray();
        WriteCategories(json, classIds);
        var imageIds = UniqueIds.Of(_images.Length, i => _dataset.Images.Id(_images[i]), i => _dataset.Images.TextId(_images[i]) is null);
        WriteImages(json, imageIds, classIds);
        WriteAnnotations(json, imageIds, classIds);
        json.WriteEndObject();
        json.Flush();
        _segmentations.Verify();
    }

    private void WriteCategories(Utf8JsonWriter json, long[] classIds)
    {
        json.WriteStartArray("categories");
        for (var i = 0; i < classIds.Length; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", classIds[i]);
            json.WriteString("name", _dataset.Classes[i]);
            if (_dataset.Classes.Supercategory(i) is { } group) json.WriteString("supercategory", group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteImages(Utf8JsonWriter json, long[] imageIds, long[] classIds)
    {
        var images = _dataset.Images;
        json.WriteStartArray("images");
        for (var i = 0; i < _images.Length; i++)
        {
            var image = _images[i];
            json.WriteStartObject();
            WriteImageId(json, "id", image, imageIds[i]);
            json.WriteString("file_name", images.File(image));
            if (images.HasSize(image))
            {
                json.WriteNumber("width", images.Width(image));
                json.WriteNumber("height", images.Height(image));
            }

            if (images.Group(image) is >= 0 and var group) json.WriteString("group", images.GroupNames[group]);
            WriteClassIds(json, "neg_category_ids", images.AbsentClasses(image), classIds);
            WriteClassIds(json, "not_exhaustive_category_ids", images.NotExhaustiveClasses(image), classIds);
            json.WriteEndObject();
            FlushWhenFull(json);
        }

        json.WriteEndArray();
    }

    private void WriteAnnotations(Utf8JsonWriter json, long[] imageIds, long[] classIds)
    {
        var boxes = BoxesToWrite();
        var ids = UniqueIds.Of(boxes.Count, i => _dataset.Boxes.Id(boxes[i].Box), isZeroAnId: false);
        json.WriteStartArray("annotations");
        for (var i = 0; i < boxes.Count; i++)
        {
            var (place, box) = boxes[i];
            json.WriteStartObject();
            json.WriteNumber("id", ids[i]);
            WriteImageId(json, "image_id", _images[place], imageIds[place]);
            json.WriteNumber("category_id", classIds[_dataset.Boxes.Class(box)]);
            WriteBox(json, _images[place], box);
            WriteMarks(json, _dataset.Boxes.Marks(box));
            WriteSegmentation(json, box, ids[i]);
            json.WriteEndObject();
            FlushWhenFull(json);
        }

        json.WriteEndArray();
    }

    private List<(int Place, int Box)> BoxesToWrite()
    {
        var result = new List<(int, int)>();
        for (var place = 0; place < _images.Length; place++)
        {
            var (start, end) = _dataset.Boxes.Of(_images[place]);
            for (var box = start; box < end; box++)
            {
                if (CocoLosses.Holds(_dataset, _images[place], box)) result.Add((place, box));
            }
        }

        return result;
    }

    private void WriteBox(Utf8JsonWriter json, int image, int box)
    {
        var boxes = _dataset.Boxes;
        var (x, y, w, h) = BoxNumbers.Of(_dataset, image, box, BoxEncoding.CornerSize);
        json.WriteStartArray("bbox");
        json.WriteNumberValue(x);
        json.WriteNumberValue(y);
        json.WriteNumberValue(w);
        json.WriteNumberValue(h);
        json.WriteEndArray();
        var area = boxes.Area(box);
        json.WriteNumber("area", double.IsFinite(area) ? area : Math.Clamp(w * h, double.MinValue, double.MaxValue));
    }

    private static void WriteMarks(Utf8JsonWriter json, BoxMarks marks)
    {
        json.WriteNumber("iscrowd", marks.HasFlag(BoxMarks.Crowd) ? 1 : 0);
        if (marks.HasFlag(BoxMarks.Ignore)) json.WriteNumber("ignore", 1);
        if ((marks & ~(BoxMarks.Crowd | BoxMarks.Ignore)) == BoxMarks.None) return;
        json.WriteStartObject("attributes");
        foreach (var (mark, name) in CocoFormat.AttributeNames)
        {
            if (marks.HasFlag(mark)) json.WriteBoolean(name, true);
        }

        json.WriteEndObject();
    }

    private void WriteSegmentation(Utf8JsonWriter json, int box, long id)
    {
        var range = _dataset.Boxes.Segmentation(box);
        if (range.IsEmpty) return;
        json.WritePropertyName("segmentation");
        try
        {
            json.WriteRawValue(_segmentations.Read(range));
        }
        catch (JsonException e)
        {
            throw new InputException($"The segmentation of annotation {id} at byte {range.Offset} of '{_dataset.Source.SegmentationFiles[range.File].Entry}' is no JSON: {e.Message}", e);
        }
    }

    private void WriteImageId(Utf8JsonWriter json, string property, int image, long id)
    {
        if (_dataset.Images.TextId(image) is { } text) json.WriteString(property, text);
        else json.WriteNumber(property, id);
    }

    private static void WriteClassIds(Utf8JsonWriter json, string property, ReadOnlySpan<int> classes, long[] classIds)
    {
        if (classes.IsEmpty) return;
        json.WriteStartArray(property);
        foreach (var index in classes) json.WriteNumberValue(classIds[index]);
        json.WriteEndArray();
    }

    private void FlushWhenFull(Utf8JsonWriter json)
    {
        if (json.BytesPending < FlushAt) return;
        _cancellation.ThrowIfCancellationRequested();
        json.Flush();
    }

    /// <summary>annotations/instances_PART.json, whatever the part is called: letters that may lead elsewhere are replaced.</summary>
    private static string FileOf(ImageTable images, int part, HashSet<string> taken)
    {
        var name = part == ImageTable.NoPart ? "instances" : "instances_" + string.Concat(images.PartNames[part].Select(c => char.IsLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        var file = name;
        for (var n = 2; !taken.Add(file); n++) file = $"{name}_{n}";
        return $"annotations/{file}.json";
    }
}
