using CsCheck;

namespace Ballast.Tests.Datasets;

public class BoxNumbersTests
{
    private static readonly BoxEncoding[] Encodings = Enum.GetValues<BoxEncoding>();

    private static readonly Gen<(double, double, double, double)> Decimals =
        from digits in Gen.Int[0, 6]
        from x in Gen.Int[0, 900_000_000]
        from y in Gen.Int[0, 700_000_000]
        from w in Gen.Int[1_000_000, 900_000_000]
        from h in Gen.Int[1_000_000, 900_000_000]
        select (Cut(x, digits), Cut(y, digits), Cut(w, digits), Cut(h, digits));

    [Fact]
    public void Numbers_come_back_through_every_encoding() => Gen.Select(Decimals, Gen.Int[1, 5000], Gen.Int[1, 5000]).Sample((numbers, width, height) =>
    {
        foreach (var from in Encodings)
        {
            foreach (var to in Encodings)
            {
                var there = BoxNumbers.Convert(numbers, from, to, width, height);
                Assert.Equal(numbers, BoxNumbers.Convert(there, to, from, width, height));
            }
        }
    });

    [Fact]
    public void A_case_that_broke_once() => Assert.Equal(
        (40.307, 4.283, 19.028, 16.507),
        BoxNumbers.Convert(BoxNumbers.Convert((40.307, 4.283, 19.028, 16.507), BoxEncoding.CornerSize, BoxEncoding.NormalizedCenterSize, 101, 53), BoxEncoding.NormalizedCenterSize, BoxEncoding.CornerSize, 101, 53));

    [Fact]
    public void Whole_pixels_come_back_whole_and_nan_stays_nan()
    {
        var yolo = BoxNumbers.Convert((10, 5, 30, 25), BoxEncoding.Corners, BoxEncoding.NormalizedCenterSize, 333, 77);
        Assert.Equal((10, 5, 30, 25), BoxNumbers.Convert(yolo, BoxEncoding.NormalizedCenterSize, BoxEncoding.Corners, 333, 77));
        Assert.True(double.IsNaN(BoxNumbers.Convert((double.NaN, 0, 1, 1), BoxEncoding.Corners, BoxEncoding.CornerSize, 9, 9).A));
    }

    private static double Cut(int value, int digits) => Math.Round(value / 1e6, digits);
}
