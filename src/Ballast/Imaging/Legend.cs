namespace Ballast;

/// <summary>A class in the legend: name, colour, number of boxes on the image.</summary>
internal sealed record LegendEntry(string Name, Rgb Colour, int Count);

/// <summary>The classes of a picture in a band under it, in as many lines as they need.</summary>
internal sealed class Legend(IReadOnlyList<LegendEntry> entries, bool hasIgnored, PaintStyle style)
{
    private const string IgnoredNote = "dashed: crowd or ignored";
    private const string Nothing = "no boxes";
    private static readonly Rgb Note = new(0xA8, 0xA8, 0xB2);

    private int LineHeight => (Glyphs.FullHeight + 4) * style.Scale;

    private int Padding => 4 * style.Scale;

    private int Swatch => Glyphs.CapHeight * style.Scale;

    /// <summary>Height of the band under a picture of a width, pixels.</summary>
    public int HeightFor(int width) => Place(width).Lines * LineHeight + Padding;

    /// <summary>Paints the band from a row on.</summary>
    public void Paint(Pixels picture, int top, Lettering lettering)
    {
        Drawing.Fill(picture, new(0, top, picture.Width, picture.Height), PaintStyle.Dark);
        foreach (var (item, left, line) in Place(picture.Width).Items)
        {
            var (x, y) = (left, top + Padding + line * LineHeight);
            if (item.Colour is { } colour)
            {
                Drawing.Fill(picture, new(x, y, x + Swatch, y + Swatch), colour);
                lettering.Draw(picture, x += Swatch + 3 * style.Scale, y, item.Name, style.Scale, PaintStyle.Light);
                x += Lettering.Measure(item.Name, style.Scale) + 4 * style.Scale;
            }

            lettering.Draw(picture, x, y, item.Note, style.Scale, Note);
        }
    }

    private (List<(Item Item, int X, int Line)> Items, int Lines) Place(int width)
    {
        var items = new List<(Item, int, int)>();
        var (x, line) = (Padding, 0);
        foreach (var item in Items())
        {
            var needed = Lettering.Measure(item.Note, style.Scale)
                + (item.Colour is null ? 0 : Swatch + Lettering.Measure(item.Name, style.Scale) + 7 * style.Scale);
            if (x > Padding && x + needed > width - Padding) (x, line) = (Padding, line + 1);
            items.Add((item, x, line));
            x += needed + 10 * style.Scale;
        }

        return (items, line + 1);
    }

    private IEnumerable<Item> Items()
    {
        foreach (var entry in entries) yield return new(entry.Colour, entry.Name, entry.Count.ToString());
        if (entries.Count == 0) yield return new(null, "", Nothing);
        if (hasIgnored) yield return new(null, "", IgnoredNote);
    }

    /// <summary>A swatch with a name and a note, or a note alone.</summary>
    private readonly record struct Item(Rgb? Colour, string Name, string Note);
}
