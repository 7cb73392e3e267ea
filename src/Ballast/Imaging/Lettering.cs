using System.Globalization;
using System.Text;

namespace Ballast;

/// <summary>Turns names into what <see cref="Glyphs"/> can draw, measures it and draws it. The same on every machine.</summary>
internal sealed class Lettering
{
    /// <summary>Ends a name that was cut.</summary>
    public const char EllipsisCharacter = '\u2026';

    private const char Box = '\uFFFD';
    private const int Gap = 1;
    private readonly Dictionary<(char Character, int Scale), byte[]> _coverage = [];

    /// <summary>
    /// A name as it can be drawn: printable ASCII as it stands, every other visible character (an accented letter, an emoji of several code points) one box,
    /// control and formatting characters left out, cut to a length. Null when no letter or digit is left.
    /// </summary>
    public static string? Drawable(string name, int mostCharacters)
    {
        var text = new StringBuilder();
        var elements = StringInfo.GetTextElementEnumerator(name);
        while (elements.MoveNext() && text.Length <= mostCharacters)
        {
            var element = elements.GetTextElement();
            if (element is [>= ' ' and <= '~']) text.Append(element);
            else if (IsVisible(element)) text.Append(Box);
        }

        if (text.Length > mostCharacters) text.Remove(mostCharacters - 1, text.Length - mostCharacters + 1).Append(EllipsisCharacter);
        var drawable = text.ToString().Trim();
        return drawable.Any(char.IsAsciiLetterOrDigit) ? drawable : null;
    }

    /// <summary>Width of a text, pixels.</summary>
    public static int Measure(string text, int scale) => scale * Math.Max(0, text.Sum(character => Glyphs.Of(character).Width + Gap) - Gap);

    /// <summary>Draws a text with its capitals' top left corner at a place; what falls outside the image is left out.</summary>
    public void Draw(Pixels pixels, int x, int y, string text, int scale, Rgb colour)
    {
        foreach (var character in text)
        {
            var width = Glyphs.Of(character).Width * scale;
            Stamp(pixels, x, y, Coverage(character, scale), width, colour);
            x += width + Gap * scale;
        }
    }

    private static bool IsVisible(string element)
    {
        foreach (var rune in element.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpaceSeparator)) return true;
        }

        return false;
    }

    private static void Stamp(Pixels pixels, int left, int top, byte[] coverage, int width, Rgb colour)
    {
        for (var y = Math.Max(0, -top); y < coverage.Length / width && top + y < pixels.Height; y++)
        {
            var row = pixels.Row(top + y);
            for (var x = Math.Max(0, -left); x < width && left + x < pixels.Width; x++)
                Drawing.Blend(row.Slice((left + x) * 4, 4), colour, coverage[y * width + x]);
        }
    }

    private byte[] Coverage(char character, int scale)
    {
        if (_coverage.TryGetValue((character, scale), out var coverage)) return coverage;
        var glyph = Glyphs.Of(character);
        var width = glyph.Width * scale;
        coverage = new byte[width * Glyphs.FullHeight * scale];
        for (var i = 0; i < coverage.Length; i++)
        {
            var distance = Math.Sqrt(NearestSquared(glyph, (i % width + 0.5) / scale - 0.5, (i / width + 0.5) / scale - 0.5)) * scale;
            coverage[i] = (byte)(Math.Clamp(scale * 0.5 + 0.5 - distance, 0, 1) * 255 + 0.5);
        }

        _coverage.Add((character, scale), coverage);
        return coverage;
    }

    private static double NearestSquared(Glyph glyph, double x, double y)
    {
        var nearest = 1e9;
        foreach (var stroke in glyph.Strokes)
        {
            for (var i = 0; i < Math.Max(1, stroke.Length - 1); i++)
                nearest = Math.Min(nearest, SegmentSquared(stroke[i], stroke[Math.Min(i + 1, stroke.Length - 1)], x, y));
        }

        return nearest;
    }

    private static double SegmentSquared((double X, double Y) a, (double X, double Y) b, double x, double y)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var length = dx * dx + dy * dy;
        var t = length > 0 ? Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / length, 0, 1) : 0;
        var (fromX, fromY) = (x - a.X - t * dx, y - a.Y - t * dy);
        return fromX * fromX + fromY * fromY;
    }
}
