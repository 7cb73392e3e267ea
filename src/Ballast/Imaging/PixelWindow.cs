using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>A part of an image in whole pixels. In JSON it is its four numbers.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
[JsonConverter(typeof(PixelWindowConverter))]
public readonly record struct PixelWindow(int X, int Y, int Width, int Height)
{
    /// <summary>The same part as a box.</summary>
    public Box ToBox() => new(X, Y, X + Width, Y + Height);

    private sealed class PixelWindowConverter : JsonConverter<PixelWindow>
    {
        public override PixelWindow Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<int[]>(ref reader, options) is [var x, var y, var width, var height] ? new(x, y, width, height)
                : throw new JsonException("A window is four whole numbers: left, top, width and height in pixels.");

        public override void Write(Utf8JsonWriter writer, PixelWindow value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var number in (int[])[value.X, value.Y, value.Width, value.Height]) writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }
    }
}
