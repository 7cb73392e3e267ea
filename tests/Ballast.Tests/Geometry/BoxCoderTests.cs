using CsCheck;

namespace Ballast.Tests.Geometry;

public class BoxCoderTests
{
    private static readonly Gen<Box> AnyBox = Gen.Select(Gen.Float[0, 1000], Gen.Float[0, 1000], Gen.Float[8, 300], Gen.Float[8, 300], (x, y, w, h) => new Box(x, y, x + w, y + h));

    [Fact]
    public void Decoding_what_was_encoded_gives_the_box()
        => Gen.Select(AnyBox, AnyBox, Gen.OneOf<BoxCoder>(new BoxCoder(), BoxCoder.Weighted(10, 10, 5, 5), new BoxCoder { Means = [0.1f, -0.1f, 0.05f, 0], ClampShrinking = true })).Sample((anchor, truth, coder) =>
        {
            var decoded = coder.Decode(anchor, coder.Encode(anchor, truth));
            foreach (var error in (float[])[decoded.X1 - truth.X1, decoded.Y1 - truth.Y1, decoded.X2 - truth.X2, decoded.Y2 - truth.Y2]) Assert.InRange(error, -0.02f, 0.02f);
        });

    [Fact]
    public void The_specification_example_is_coded_as_written()
    {
        var delta = new BoxCoder().Encode(new(10, 10, 50, 90), new(20, 5, 80, 65));
        Assert.Equal(0.5f, delta.X, 5);
        Assert.Equal(-0.1875f, delta.Y, 5);
        Assert.Equal(0.405465f, delta.Width, 5);
        Assert.Equal(-0.287682f, delta.Height, 5);
    }

    [Fact]
    public void Torchvision_clamps_growth_only_and_mmdetection_both()
    {
        var (anchor, delta) = (new Box(0, 0, 100, 100), new BoxDelta(0, 0, -9, 9));
        Assert.Equal(100 * MathF.Exp(-9), new BoxCoder().Decode(anchor, delta).Width, 4);
        Assert.Equal(1.6f, new BoxCoder { ClampShrinking = true }.Decode(anchor, delta).Width, 4);
        Assert.Equal(6250, new BoxCoder().Decode(anchor, delta).Height, 0.1f);
    }

    [Fact]
    public void Wrong_values_are_refused_where_they_are_set()
    {
        Assert.Contains("four numbers", Assert.Throws<InputException>(() => new BoxCoder { Means = [0, 0] }).Message);
        Assert.Contains("positive", Assert.Throws<InputException>(() => new BoxCoder { Deviations = [1, 0, 1, 1] }).Message);
        Assert.Contains("LeastRatio is 0", Assert.Throws<InputException>(() => new BoxCoder { LeastRatio = 0 }).Message);
    }
}
