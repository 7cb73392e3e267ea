namespace Ballast;

/// <summary>A line under a picture: a swatch of a colour and what it stands for, or text alone.</summary>
internal sealed record CaptionLine(Rgb? Colour, string Text);

/// <summary>A title and lines of text in a band under a picture, wrapped at words.</summary>
internal sealed class Caption
{
    private static readonly Rgb Quiet = new(0xC8, 0xC8, 0xD0);

    private readonly List<Row> _rows = [];
    private readonly int _scale;

    /// <param name="title">Said in white, first.</param>
    /// <param name="lines">The lines below.</param>
    /// <param name="width">Width of the band, pixels.</param>
    /// <param name="scale">Pixels a unit of letters.</param>
    public Caption(string title, IEnumerable<CaptionLine> lines, int width, int scale)
    {
        _scale = scale;
        Add(title, width - (2 * Padding), null, indent: 0, PaintStyle.Light);
        foreach (var (colour, text) in lines)
        {
            var indent = colour is null ? 0 : (Glyphs.CapHeight + 4) * scale;
            Add(text, width - (2 * Padding) - indent, colour, indent, Quiet);
        }
    }

    /// <summary>Height of the band, pixels.</summary>
    public int Height => (_rows.Count * LineHeight) + (2 * Padding);

    private int LineHeight => (Glyphs.FullHeight + 4) * _scale;

    private int Padding => 4 * _scale;

    /// <summary>Paints the band.</summary>
    public void Paint(Pixels picture, PixelRectangle band)
    {
        Drawing.Fill(picture, band, PaintStyle.Dark);
        var lettering = new Lettering();
        var (x, y, side) = (band.Left + Padding, band.Top + Padding, Glyphs.CapHeight * _scale);
        foreach (var row in _rows)
        {
            if (row.Swatch is { } colour) Drawing.Fill(picture, new(x, y, x + side, y + side), colour);
            lettering.Draw(picture, x + row.Indent, y, row.Text, _scale, row.Colour);
            y += LineHeight;
        }
    }

    private void Add(string text, int width, Rgb? swatch, int indent, Rgb colour)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length == 0 || Lettering.Measure(longer, _scale) <= width)
            {
                line = longer;
                continue;
            }

            _rows.Add(new(line, swatch, indent, colour));
            (line, swatch) = (word, null);
        }

        _rows.Add(new(line, swatch, indent, colour));
    }

    /// <summary>A row as it is painted; the swatch stands before the first row of a line only.</summary>
    private readonly record struct Row(string Text, Rgb? Swatch, int Indent, Rgb Colour);
}
