namespace Ballast;

/// <summary>
/// A lettering of our own, so that every machine draws the same picture whatever fonts it has: printable ASCII as strokes on a grid of 7 rows for capitals and
/// 2 below the line. Strokes run between grid points; at whole scales their edges fall on pixel edges.
/// </summary>
internal static class Glyphs
{
    /// <summary>Height of capitals and digits, units.</summary>
    public const int CapHeight = 7;

    /// <summary>Height with the part below the line, units.</summary>
    public const int FullHeight = 9;

    private const int CurveSteps = 8;

    /// <summary>A stroke is points of two digits (x, y). "~" starts a curve that is held at its ends, "@" a closed one: quadratic B-splines.</summary>
    private static readonly string[] Ascii =
    [
        "", "0004 06", "0002 2022", "1016 3036 0242 0444", "~413010010213334445361605 2026", "4006 0010110100 3545463635", "~46120110203122040506162644", "0002",
        "~10010516", "~00111506", "2125 0244 0442", "2125 0343", "1608", "0333", "06", "3006",
        "@1020313526160501", "011016 0626", "~0110203132050636", "~00303313 ~13333606", "200434 2026", "300002 ~02323606", "~30100205 @1323343526160504", "003016",
        "@1020313223130201 @1323343526160504", "@1020313223130201 ~06263431", "02 05", "12 1608", "310335", "0232 0434", "013305", "~01102031321314 16",
        "~4636160501103041434433 @2232342414", "062046 1434", "0006 ~002040432303 ~032343462606", "~4130100105163645", "0006 ~002040462606", "40000646 0333", "400006 0333",
        "~4130100105163645 454323",
        "0006 4046 0343", "0020 1016 0626", "~3035261605", "0006 4004 2246", "000646", "0600234046", "06004640", "@1030414536160501",
        "0600 ~002040432303", "@1030414536160501 2446", "0600 ~002040432303 2346", "~413010010213334445361605", "0040 2026", "~000516364540", "002640", "0016223640",
        "0046 4006", "002340 2326", "00400646", "10000616", "0036", "00101606", "022042", "0747",
        "0011", "~02223336 ~341404062635", "0006 @1222333526160503", "~3322120305162635", "@1222333526160503 3036", "~343322120305162635 0434", "~20101116 0222",
        "@1222333526160503 ~3237281807",
        "0006 ~0312223336", "00 0206", "10 ~121808", "0006 3205 1436", "~00050616", "0206 ~03122326 ~23324346", "0206 ~0312223336", "@1222333526160503",
        "0208 @1222333526160503", "@1222333526160503 3238", "0206 ~031222", "~320204343606", "~11151626 0222", "~0205162635 3236", "022642", "0216233642",
        "0236 3206", "0226 4218", "02320636", "~20101203 ~03141626", "0007", "~00101323 ~23141606", "~04123442",
    ];

    private static readonly Lazy<Glyph[]> Parsed = new(() => [.. Ascii.Select(Parse)]);

    /// <summary>The hollow box that stands for every other character.</summary>
    public static Glyph Unknown { get; } = Parse("0040460600");

    /// <summary>Three dots on the line: the end of a name that was cut.</summary>
    public static Glyph Ellipsis { get; } = Parse("06 26 46");

    /// <summary>The glyph of a character; the ellipsis is known, everything else beyond printable ASCII is a box.</summary>
    public static Glyph Of(char character) => character switch
    {
        >= ' ' and <= '~' => Parsed.Value[character - ' '],
        Lettering.EllipsisCharacter => Ellipsis,
        _ => Unknown,
    };

    private static Glyph Parse(string text)
    {
        var strokes = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseStroke).ToArray();
        var width = strokes.Length == 0 ? 2 : strokes.Max(stroke => (int)stroke.Max(point => point.X)) + 1;
        return new(width, strokes);
    }

    private static (double X, double Y)[] ParseStroke(string text)
    {
        var points = text.TrimStart('~', '@').Chunk(2).Select(pair => ((double)(pair[0] - '0'), (double)(pair[1] - '0'))).ToArray();
        return text[0] switch
        {
            '~' => Curve(points, closed: false),
            '@' => Curve(points, closed: true),
            _ => points,
        };
    }

    /// <summary>A quadratic B-spline as short straight pieces: it touches the middle of each side of its control polygon.</summary>
    private static (double X, double Y)[] Curve((double X, double Y)[] control, bool closed)
    {
        var curve = new List<(double, double)>();
        var first = closed ? 0 : 1;
        var last = closed ? control.Length - 1 : control.Length - 2;
        for (var i = first; i <= last; i++)
        {
            var at = control[i];
            var (before, after) = (control[(i + control.Length - 1) % control.Length], control[(i + 1) % control.Length]);
            var from = i == 1 && !closed ? before : Middle(before, at);
            var to = i == last && !closed ? after : Middle(at, after);
            for (var step = 0; step <= CurveSteps; step++)
            {
                var t = (double)step / CurveSteps;
                var (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t);
                curve.Add((a * from.X + b * at.X + c * to.X, a * from.Y + b * at.Y + c * to.Y));
            }
        }

        return [.. curve];
    }

    private static (double X, double Y) Middle((double X, double Y) a, (double X, double Y) b) => ((a.X + b.X) / 2, (a.Y + b.Y) / 2);
}

/// <summary>A character's shape.</summary>
/// <param name="Width">Units it covers, strokes included; one more unit separates it from the next.</param>
/// <param name="Strokes">Lines through points, in units, from the top left grid point.</param>
internal sealed record Glyph(int Width, (double X, double Y)[][] Strokes);
