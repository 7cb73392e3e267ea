namespace Ballast;

/// <summary>Paints objects, back to front, each with a soft shadow, and keeps what of each is drawn and what of it stays visible.</summary>
internal sealed class DemoPainter(DemoCanvas canvas, ref DemoRandom random)
{
    private const int Opaque = 256;

    private readonly (int X, int Y, int Strength) _shadow = (random.Between(-14, 14), random.Between(6, 22), random.Between(70, 150));
    private readonly List<DemoMark> _marks = [];

    /// <summary>What was drawn, an entry for each object.</summary>
    public IReadOnlyList<DemoMark> Marks => _marks;

    public void Paint(in DemoObject item)
    {
        var frame = new Frame(item);
        PaintShadow(item, frame);
        PaintBody(item, frame, (short)_marks.Count);
    }

    /// <summary>For each object: its pixels that no later object covers.</summary>
    public int[] Visible()
    {
        var visible = new int[_marks.Count];
        foreach (var owner in canvas.Owners)
        {
            if (owner != DemoCanvas.NoObject) visible[owner]++;
        }

        return visible;
    }

    private void PaintShadow(in DemoObject item, in Frame frame)
    {
        var outline = DemoClass.All[item.Class].Shape;
        var (offsetX, offsetY) = (item.HalfSize * _shadow.X / 100, item.HalfSize * _shadow.Y / 100);
        var (x1, y1, x2, y2) = Window(item.X + offsetX, item.Y + offsetY, item.HalfSize * 7 / 4);
        for (var y = y1; y < y2; y++)
        {
            for (var x = x1; x < x2; x++)
            {
                var (u, v, _, _) = frame.At(x - offsetX, y - offsetY);
                var distance = outline(u, v);
                if (distance > 0.22) continue;
                var depth = Math.Min(1, (0.22 - distance) / 0.40);
                canvas.Mix(x, y, 0, 0, 0, (int)(depth * depth * _shadow.Strength));
            }
        }
    }

    private void PaintBody(in DemoObject item, in Frame frame, short number)
    {
        var demoClass = DemoClass.All[item.Class];
        var (r, g, b) = Varied(demoClass.Color, item.Seed);
        var mark = DemoMark.None(item.Class);
        var (x1, y1, x2, y2) = Window(item.X, item.Y, (item.HalfSize * 3 / 2) + 1);
        for (var y = y1; y < y2; y++)
        {
            for (var x = x1; x < x2; x++)
            {
                var (u, v, px, py) = frame.At(x, y);
                var distance = demoClass.Shape(u, v);
                var cover = (int)Math.Floor(Math.Clamp(0.5 - (distance * item.HalfSize), 0, 1) * Opaque);
                if (cover == 0) continue;
                var (brightness, white) = demoClass.Texture(new(u, v, px, py, Math.Max(0, -distance), item.Seed));
                var (shade, light) = ((int)Math.Floor(Math.Clamp(brightness, 0, 1.4) * 4096), (int)Math.Floor(white * 256));
                canvas.Mix(x, y, Lit(r, shade, light), Lit(g, shade, light), Lit(b, shade, light), cover);
                if (cover < Opaque / 2) continue;
                canvas.Owners[(y * canvas.Width) + x] = number;
                mark = mark.With(x, y);
            }
        }

        _marks.Add(mark);
    }

    private static int Lit(int color, int shade, int white)
    {
        var lit = Math.Min(DemoCanvas.Most, color * shade >> 8);
        return lit + ((DemoCanvas.Most - lit) * white >> 8);
    }

    private static (int R, int G, int B) Varied((int R, int G, int B) color, ulong seed)
    {
        var random = new DemoRandom(seed);
        var gain = random.Between(206, 280);
        return (Vary(color.R, ref random), Vary(color.G, ref random), Vary(color.B, ref random));
        int Vary(int channel, ref DemoRandom random) => Math.Clamp((channel + random.Around(26)) * gain >> 8, 4, 255);
    }

    private (int X1, int Y1, int X2, int Y2) Window(int x, int y, int reach)
        => (Math.Max(0, x - reach), Math.Max(0, y - reach), Math.Min(canvas.Width, x + reach + 1), Math.Min(canvas.Height, y + reach + 1));

    /// <summary>From pixels to an object's own frame. The angle is given by the tangent of its half, whose sine and cosine need only quotients.</summary>
    private readonly struct Frame
    {
        private readonly DemoObject _item;
        private readonly double _cos;
        private readonly double _sin;

        public Frame(in DemoObject item)
        {
            var t = item.Turn / 1024.0;
            (_item, _cos, _sin) = (item, (1 - (t * t)) / (1 + (t * t)), 2 * t / (1 + (t * t)));
        }

        public (double U, double V, double X, double Y) At(int x, int y)
        {
            var (px, py) = ((x + 0.5 - _item.X) / _item.HalfSize, (y + 0.5 - _item.Y) / _item.HalfSize);
            return ((px * _cos) + (py * _sin), (py * _cos) - (px * _sin), px, py);
        }
    }
}

/// <summary>What of an object was drawn: the pixels it covers by half or more.</summary>
/// <param name="Class">Index of its class.</param>
/// <param name="X1">First column.</param>
/// <param name="Y1">First row.</param>
/// <param name="X2">Behind the last column.</param>
/// <param name="Y2">Behind the last row.</param>
/// <param name="Count">Number of pixels.</param>
internal readonly record struct DemoMark(int Class, int X1, int Y1, int X2, int Y2, int Count)
{
    public static DemoMark None(int @class) => new(@class, int.MaxValue, int.MaxValue, 0, 0, 0);

    public DemoMark With(int x, int y) => new(Class, Math.Min(X1, x), Math.Min(Y1, y), Math.Max(X2, x + 1), Math.Max(Y2, y + 1), Count + 1);
}
