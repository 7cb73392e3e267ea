namespace Ballast;

/// <summary>Converts the four numbers of a box from one encoding to another so that converting back gives the same numbers.</summary>
internal static class BoxNumbers
{
    /// <summary>Decimals up to which numbers are taken for what a person or tool wrote, and rounding errors are rounded away.</summary>
    private const int ShortDigits = 7;

    private const int MostDigits = 15;

    /// <summary>What a conversion there and back may be off, relative to the largest number: a few units in the last place.</summary>
    private const double RoundingError = 4e-15;

    /// <summary>
    /// The numbers of a box in another encoding: those with the fewest decimals (up to seven) that convert back to the numbers given but for rounding
    /// errors; else those that convert back exactly; else as the conversion gives them. A box of whole pixels that went through fractions of the image
    /// comes back in whole pixels, not in 9.999999999999998.
    /// </summary>
    /// <param name="numbers">The four numbers.</param>
    /// <param name="from">Their encoding.</param>
    /// <param name="to">The encoding wanted.</param>
    /// <param name="width">Image width, pixels; not used when both encodings are in pixels, or both in fractions.</param>
    /// <param name="height">Image height, pixels.</param>
    public static (double A, double B, double C, double D) Convert(
        (double A, double B, double C, double D) numbers, BoxEncoding from, BoxEncoding to, int width, int height)
    {
        if (from == to) return numbers;
        if (IsNormalized(from) == IsNormalized(to)) (width, height) = (1, 1);
        var converted = Change(numbers, from, to, width, height);
        if (!double.IsFinite(converted.A + converted.B + converted.C + converted.D)) return converted;
        var allowed = RoundingError * Largest(numbers, IsNormalized(from) ? 1 : Math.Max(width, height));
        for (var digits = 0; digits <= MostDigits; digits++)
        {
            var rounded = (Math.Round(converted.A, digits), Math.Round(converted.B, digits), Math.Round(converted.C, digits), Math.Round(converted.D, digits));
            if (Distance(Change(rounded, to, from, width, height), numbers) <= (digits <= ShortDigits ? allowed : 0)) return rounded;
        }

        return converted;
    }

    /// <summary>The numbers of a box of a data set in an encoding.</summary>
    public static (double A, double B, double C, double D) Of(DetectionDataset dataset, int image, int box, BoxEncoding encoding)
        => Convert(dataset.Boxes.Numbers(box), dataset.Boxes.Encoding, encoding, dataset.Images.Width(image), dataset.Images.Height(image));

    /// <summary>Whether converting a box of an image to an encoding needs the image's size, and it is not known.</summary>
    public static bool LackSize(DetectionDataset dataset, int image, BoxEncoding encoding)
        => IsNormalized(dataset.Boxes.Encoding) != IsNormalized(encoding) && !dataset.Images.HasSize(image);

    private static bool IsNormalized(BoxEncoding encoding) => encoding is BoxEncoding.NormalizedCenterSize or BoxEncoding.NormalizedCorners;

    private static (double A, double B, double C, double D) Change(
        (double A, double B, double C, double D) n, BoxEncoding from, BoxEncoding to, int width, int height)
        => Corners.Decode(from, n.A, n.B, n.C, n.D, width, height).Encode(to, width, height);

    private static double Distance((double A, double B, double C, double D) a, (double A, double B, double C, double D) b)
        => Math.Max(Math.Max(Math.Abs(a.A - b.A), Math.Abs(a.B - b.B)), Math.Max(Math.Abs(a.C - b.C), Math.Abs(a.D - b.D)));

    private static double Largest((double A, double B, double C, double D) n, double atLeast)
        => Math.Max(Math.Max(Math.Max(Math.Abs(n.A), Math.Abs(n.B)), Math.Max(Math.Abs(n.C), Math.Abs(n.D))), atLeast);
}
