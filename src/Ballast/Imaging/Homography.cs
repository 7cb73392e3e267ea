using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// A 3 x 3 matrix that moves points of one image to another: (x, y) goes to (M11 x + M12 y + M13, M21 x + M22 y + M23) / (M31 x + M32 y + M33). Points are
/// continuous, as boxes are: a pixel's centre is at (column + 0.5, row + 0.5). In JSON it is its nine numbers, row by row.
/// </summary>
[JsonConverter(typeof(HomographyConverter))]
public readonly record struct Homography(
    double M11, double M12, double M13, double M21, double M22, double M23, double M31 = 0, double M32 = 0, double M33 = 1)
{
    /// <summary>Leaves every point where it is.</summary>
    public static Homography Identity => Scale(1, 1);

    /// <summary>Whether points lie on a line after it if they did before in the same proportions: the last row is (0, 0, 1).</summary>
    public bool IsAffine => M31 == 0 && M32 == 0 && M33 == 1;

    /// <summary>Moves points by a number of pixels.</summary>
    public static Homography Move(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Multiplies coordinates.</summary>
    public static Homography Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Turns points around (0, 0), clockwise as seen, where y goes down.</summary>
    /// <param name="degrees">Degrees.</param>
    public static Homography Rotate(double degrees)
    {
        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        return new(cosine, -sine, 0, sine, cosine, 0);
    }

    /// <summary>The matrix that moves points by this one first, then by another.</summary>
    public Homography Then(in Homography next) => new(
        (next.M11 * M11) + (next.M12 * M21) + (next.M13 * M31), (next.M11 * M12) + (next.M12 * M22) + (next.M13 * M32), (next.M11 * M13) + (next.M12 * M23) + (next.M13 * M33),
        (next.M21 * M11) + (next.M22 * M21) + (next.M23 * M31), (next.M21 * M12) + (next.M22 * M22) + (next.M23 * M32), (next.M21 * M13) + (next.M22 * M23) + (next.M23 * M33),
        (next.M31 * M11) + (next.M32 * M21) + (next.M33 * M31), (next.M31 * M12) + (next.M32 * M22) + (next.M33 * M32), (next.M31 * M13) + (next.M32 * M23) + (next.M33 * M33));

    /// <summary>The matrix that moves points back.</summary>
    /// <exception cref="InputException">There is none: it presses the plane into a line.</exception>
    public Homography Inverse()
    {
        var (a, b, c) = ((M22 * M33) - (M23 * M32), (M23 * M31) - (M21 * M33), (M21 * M32) - (M22 * M31));
        var determinant = (M11 * a) + (M12 * b) + (M13 * c);
        if (!double.IsNormal(determinant)) throw new InputException($"Homography {this} presses an image into a line; give one that can be undone.");
        var inverse = new Homography(
            a / determinant, ((M13 * M32) - (M12 * M33)) / determinant, ((M12 * M23) - (M13 * M22)) / determinant,
            b / determinant, ((M11 * M33) - (M13 * M31)) / determinant, ((M13 * M21) - (M11 * M23)) / determinant,
            c / determinant, ((M12 * M31) - (M11 * M32)) / determinant, ((M11 * M22) - (M12 * M21)) / determinant);
        return IsAffine ? inverse with { M31 = 0, M32 = 0, M33 = 1 } : inverse;
    }

    /// <summary>Where a point goes.</summary>
    public (double X, double Y) Map(double x, double y)
    {
        var depth = (M31 * x) + (M32 * y) + M33;
        return (((M11 * x) + (M12 * y) + M13) / depth, ((M21 * x) + (M22 * y) + M23) / depth);
    }

    /// <summary>The smallest box around a box's corners after the move.</summary>
    public Box Map(in Box box)
    {
        Span<(double X, double Y)> corners = [Map(box.X1, box.Y1), Map(box.X2, box.Y1), Map(box.X1, box.Y2), Map(box.X2, box.Y2)];
        var (x1, y1, x2, y2) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var (x, y) in corners) (x1, y1, x2, y2) = (Math.Min(x1, x), Math.Min(y1, y), Math.Max(x2, x), Math.Max(y2, y));
        return new((float)x1, (float)y1, (float)x2, (float)y2);
    }

    /// <summary>Lengths after the move as multiples of those before, at the middle of a box: how much larger an image is drawn.</summary>
    public double ScaleAt(in Box box)
    {
        var (x, y) = (box.CenterX, box.CenterY);
        var depth = (M31 * x) + (M32 * y) + M33;
        var (u, v) = Map(x, y);
        var (a, b, c, d) = ((M11 - (u * M31)) / depth, (M12 - (u * M32)) / depth, (M21 - (v * M31)) / depth, (M22 - (v * M32)) / depth);
        return Math.Sqrt(Math.Abs((a * d) - (b * c)));
    }

    private sealed class HomographyConverter : JsonConverter<Homography>
    {
        public override Homography Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => JsonSerializer.Deserialize<double[]>(ref reader, options) is [var a, var b, var c, var d, var e, var f, var g, var h, var i]
                ? new(a, b, c, d, e, f, g, h, i) : throw new JsonException("A homography is nine numbers.");

        public override void Write(Utf8JsonWriter writer, Homography value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var number in (double[])[value.M11, value.M12, value.M13, value.M21, value.M22, value.M23, value.M31, value.M32, value.M33]) writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }
    }
}
