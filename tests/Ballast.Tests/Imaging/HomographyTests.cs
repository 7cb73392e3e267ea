using CsCheck;

namespace Ballast.Tests.Imaging;

public class HomographyTests
{
    private static readonly Gen<Homography> Matrices = Gen.Select(Gen.Double[-180, 180], Gen.Double[0.2, 5], Gen.Double[-50, 50], Gen.Double[-0.001, 0.001])
        .Select((angle, scale, move, depth) => (Homography.Rotate(angle).Then(Homography.Scale(scale, 2 * scale)) with { M31 = depth }).Then(Homography.Move(move, -move)));

    [Fact]
    public void The_inverse_moves_points_back()
        => Gen.Select(Matrices, Gen.Double[0, 100], Gen.Double[0, 100]).Sample((matrix, x, y) =>
        {
            var there = matrix.Map(x, y);
            var (u, v) = matrix.Inverse().Map(there.X, there.Y);
            Assert.Equal(x, u, 1e-6);
            Assert.Equal(y, v, 1e-6);
        });

    [Fact]
    public void One_after_the_other_is_both()
        => Gen.Select(Matrices, Matrices, Gen.Double[0, 100]).Sample((first, second, x) =>
        {
            var middle = first.Map(x, 7);
            var (expected, actual) = (second.Map(middle.X, middle.Y), first.Then(second).Map(x, 7));
            Assert.Equal(expected.X, actual.X, Math.Abs(expected.X * 1e-9) + 1e-6);
            Assert.Equal(expected.Y, actual.Y, Math.Abs(expected.Y * 1e-9) + 1e-6);
        });

    [Fact]
    public void A_box_becomes_the_hull_of_its_corners()
    {
        Assert.Equal(new Box(-20, 10, -10, 30), Rounded(Homography.Rotate(90).Map(new Box(10, 10, 30, 20))));
        Assert.Equal(new Box(12, 23, 14, 29), Homography.Scale(2, 3).Then(Homography.Move(2, 5)).Map(new Box(5, 6, 6, 8)));

        static Box Rounded(Box box) => new(MathF.Round(box.X1, 3), MathF.Round(box.Y1, 3), MathF.Round(box.X2, 3), MathF.Round(box.Y2, 3));
    }

    [Fact]
    public void Its_scale_is_the_root_of_how_areas_grow()
        => Assert.Equal(Math.Sqrt(6), Homography.Rotate(33).Then(Homography.Scale(2, 3)).ScaleAt(new Box(0, 0, 10, 10)), 1e-9);

    [Fact]
    public void A_matrix_without_inverse_is_refused()
        => Assert.Contains("presses an image into a line", Assert.Throws<InputException>(() => Homography.Scale(0, 1).Inverse()).Message);

    [Fact]
    public void In_json_it_is_nine_numbers()
    {
        Assert.Equal("[1,0,2,0,1,3,0,0,1]", System.Text.Json.JsonSerializer.Serialize(Homography.Move(2, 3)));
        Assert.Equal(Homography.Move(2, 3), System.Text.Json.JsonSerializer.Deserialize<Homography>("[1,0,2,0,1,3,0,0,1]"));
    }
}
