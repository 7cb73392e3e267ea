using System.Text.Json;

namespace Ballast.Training;

/// <summary>Writes COCO results: [{"image_id", "file_name", "category_id", "category_name", "bbox": [x, y, width, height], "score"}].</summary>
internal static class CocoDetections
{
    /// <summary>Writes a list, an object a line.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="images">By whose ids images and classes are named; without ids by file, and classes counted from 1.</param>
    /// <param name="classes">K names.</param>
    /// <param name="found">The detections.</param>
    public static void Write(Stream stream, ImageSet images, IReadOnlyList<string> classes, IReadOnlyList<ImageObjectsFound> found)
    {
        long?[] ids = [.. classes.Select((name, index) => images.HasIds ? images.ClassId(name) : index + 1)];
        stream.Write("["u8);
        var isFirst = true;
        using var writer = new Utf8JsonWriter(stream);
        foreach (var image in found)
        {
            foreach (var each in image.Objects)
            {
                stream.Write(isFirst ? "\n"u8 : ",\n"u8);
                isFirst = false;
                WriteOne(writer, images, image.Image, each, ids[each.Class]);
                writer.Flush();
                writer.Reset();
            }
        }

        stream.Write("\n]\n"u8);
    }

    private static void WriteOne(Utf8JsonWriter writer, ImageSet images, int image, in FoundObject each, long? @class)
    {
        writer.WriteStartObject();
        if (images.Id(image) is long id) writer.WriteNumber("image_id", id);
        else writer.WriteString("image_id", images.Id(image) as string ?? images.NameOf(image));
        writer.WriteString("file_name", images.NameOf(image));
        if (@class is { } number) writer.WriteNumber("category_id", number);
        writer.WriteString("category_name", each.Name);
        writer.WriteStartArray("bbox");
        writer.WriteNumberValue(each.Box.X1);
        writer.WriteNumberValue(each.Box.Y1);
        writer.WriteNumberValue(each.Box.Width);
        writer.WriteNumberValue(each.Box.Height);
        writer.WriteEndArray();
        writer.WriteNumber("score", each.Probability);
        writer.WriteEndObject();
    }
}
