namespace Ballast;

/// <summary>
/// Measures of lines and letters for a picture: the square root of its side for lines, so that they stay fine on large pictures and visible on small ones.
/// </summary>
/// <param name="Line">Thickness of outlines, pixels.</param>
/// <param name="Scale">Pixels a unit of letters.</param>
internal readonly record struct PaintStyle(int Line, int Scale)
{
    public const int MostCharacters = 24;
    private const int PixelsPerScale = 900;
    private const int LineDivisor = 160;

    /// <summary>Colour of boxes whose class the file does not define.</summary>
    public static Rgb UnknownClass { get; } = new(0xFF, 0x00, 0xFF);

    public static Rgb Dark { get; } = new(0x14, 0x14, 0x18);

    public static Rgb Light { get; } = new(0xFF, 0xFF, 0xFF);

    /// <summary>Height of a label, pixels.</summary>
    public int LabelHeight => (Glyphs.FullHeight + 2) * Scale;

    public static PaintStyle For(Pixels picture)
    {
        var side = Math.Max(picture.Width, picture.Height);
        var line = 1;
        while ((line + 1) * (line + 1) * LineDivisor <= side) line++;
        return new(line, Math.Max(1, (side + PixelsPerScale / 2) / PixelsPerScale));
    }

    /// <summary>The text colour that reads on a colour.</summary>
    public static Rgb TextOn(Rgb colour) => colour.IsLight ? Dark : Light;
}
