namespace Ballast;

/// <summary>Converts the four numbers of a box from one encoding to another so that converting back gives the same numbers.</summary>
internal static class BoxNumbers
{
    private const int MostDigits = 15;

    /// <summary>
    /// The numbers of a box in another encoding: those with the fewest decimals that convert back to exactly the numbers given, or, where there are none, the converted numbers as they
    /// come. A box of whole pixels that went through fractions of the image comes back in whole pixels, not in 9.999999999999998.
    /// </summary>
    /// <param name="numbers">The four numbers.</param>
    /// <param name="from">Their encoding.</param>
    /// <param name="to">The encoding wanted.</param>
    /// <param name="width">Image width, pixels; not used when both encodings are in pixels, or both in fractions.</param>
    /// <param name="height">Image height, pixels.</param>
    public static (double A, double B, double C, double D) Convert((double A, double B, double C, double D) numbers, BoxEncoding from, BoxEncoding to, int width, int height)
    {
        if (from == to) return numbers;
        if (IsNormalized(from) == IsNormalized(to)) (width, height) = (1, 1);
        var exact = Change(numbers, from, to, width, height);
        if (!double.IsFinite(exact.A + exact.B + exact.C + exact.D)) return exact;
        for (var digits = 0; digits <= MostDigits; digits++)
        {
            var rounded = (Math.Round(exact.A, digits), Math.Round(exact.B, digits), Math.Round(exact.C, digits), Math.Round(exact.D, digits));
            if (Change(rounded, to, from, width, height) == numbers) return rounded;
        }

        return exact;
    }

    /// <summary>The numbers of a box of a data set in an encoding.</summary>
    public static (double A, double B, double C, double D) Of(DetectionDataset dataset, int image, int box, BoxEncoding encoding)
        => Convert(dataset.Boxes.Numbers(box), dataset.Boxes.Encoding, encoding, dataset.Images.Width(image), dataset.Images.Height(image));

    /// <summary>Whether converting a box of an image to an encoding needs the image's size, and it is not known.</summary>
    public static bool LackSize(DetectionDataset dataset, int image, BoxEncoding encoding)
        => IsNormalized(dataset.Boxes.Encoding) != IsNormalized(encoding) && !dataset.Images.HasSize(image);

    private static bool IsNormalized(BoxEncoding encoding) => encoding is BoxEncoding.NormalizedCenterSize or BoxEncoding.NormalizedCorners;

    private static (double A, double B, double C, double D) Change((double A, double B, double C, double D) n, BoxEncoding from, BoxEncoding to, int width, int height)
        => Corners.Decode(from, n.A, n.B, n.C, n.D, width, height).Encode(to, width, height);
}
