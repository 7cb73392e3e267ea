using SkiaSharp;

namespace Ballast.Tests.Reports;

/// <summary>Pictures of cells for <see cref="DemoReport"/>, drawn here.</summary>
internal static class DemoCrops
{
    private static readonly SKColor Ground = new(0xF3, 0xE6, 0xDF);

    public static ReportCrop[] Make() =>
    [
        Crop("head", "rarest class", "Platelets, the rarest class: 361 boxes", new(0x7C, 0x4F, 0x9E), 22, 1), Crop("head", "commonest class", "RBC, the commonest class: 4,155 boxes", new(0xD9, 0x94, 0x8C), 58, 2),
        .. Enumerable.Range(3, 6).Select(i => Crop("class-background", "no anchor matches", $"Platelets, {16 + i} x {15 + i} px, best IoU 0.{28 + i}", new(0x7C, 0x4F, 0x9E), 14 + i, i)),
        .. Enumerable.Range(9, 3).Select(i => Crop("scale-box", "the smallest", $"Platelets, {i} x {i + 1} px", new(0x7C, 0x4F, 0x9E), i + 3, i)),
    ];

    private static ReportCrop Crop(string finding, string group, string caption, SKColor colour, float radius, int seed)
    {
        using var bitmap = new SKBitmap(176, 144);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(Ground);
            using var paint = new SKPaint { IsAntialias = true, Color = new(0xD9, 0x94, 0x8C, 0xB0) };
            for (var i = 0; i < 5; i++) canvas.DrawCircle(StableHash.Mix((ulong)((seed * 31) + i)) % 176, StableHash.Mix((ulong)((seed * 57) + i)) % 144, 34, paint);
            paint.Color = colour;
            canvas.DrawOval(88, 72, radius, radius * 0.9f, paint);
            paint.Color = new(0xFF, 0xD4, 0x00);
            paint.Style = SKPaintStyle.Stroke;
            paint.StrokeWidth = 2;
            canvas.DrawRect(86 - radius, 71 - radius, (2 * radius) + 4, (2 * radius) + 2, paint);
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80);
        return new(finding, group, caption, "data:image/jpeg;base64," + Convert.ToBase64String(data.Span), bitmap.Width, bitmap.Height);
    }
}
