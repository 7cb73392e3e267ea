using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The places of an input at which guided anchoring lays an anchor: one a cell.</summary>
/// <param name="anchors">The profile's: what stands for the shapes that a place could take.</param>
/// <param name="width">Padded width, pixels.</param>
/// <param name="height">Padded height, pixels.</param>
internal sealed class GuidedPlaces(AnchorOptions anchors, int width, int height)
{
    /// <summary>The square of each place, P of them: what shapes are told from.</summary>
    public AnchorGrid Squares { get; } = SquaresOf(anchors).Grid(width, height);

    /// <summary>The anchors that stand for each place, one place after another.</summary>
    public AnchorSet Shapes { get; } = AnchorSet.Of(anchors.Grid(width, height));

    /// <summary>Side of the finest level's squares over its stride.</summary>
    public static float Scale(AnchorOptions anchors) => anchors.Levels[0].Sizes.Min() / anchors.Levels[0].Stride;

    /// <summary>The assigner of places by their possible shapes.</summary>
    /// <param name="anchors">The profile's, as many a cell on every level.</param>
    /// <param name="rule">How overlaps decide.</param>
    public static ApproxMaxIoUAssigner Assigner(AnchorOptions anchors, MaxIoUAssigner rule)
    {
        var stride = anchors.Levels[0].Stride;
        var (shapes, square) = (anchors.Grid(stride, stride).Levels[0].BaseAnchors, SquaresOf(anchors).Grid(stride, stride).Levels[0].BaseAnchors[0]);
        return new() { AnchorsPerPlace = shapes.Length, SquareIndex = Enumerable.Range(0, shapes.Length).MaxBy(i => Overlap.IoU(shapes[i], square)), Rule = rule };
    }

    /// <summary>The anchors of each image at predicted shapes; they carry no gradient.</summary>
    /// <param name="shapes">[N, P, 2]: of width and height.</param>
    /// <param name="coder">How shapes are told from squares.</param>
    public AnchorSet[] Anchors(Tensor shapes, BoxCoder coder)
    {
        var (numbers, counts, squares) = (HostNumbers.Of(shapes), Squares.Levels.Select(level => level.Count).ToArray(), AnchorSet.Of(Squares).Boxes);
        var images = new AnchorSet[(int)shapes.shape[0]];
        for (var image = 0; image < images.Length; image++)
        {
            var (boxes, first) = (new BoxArray(Squares.Count), image * Squares.Count);
            for (var i = 0; i < Squares.Count; i++) boxes.Add(coder.Decode(squares[i], new(0, 0, numbers[2 * (first + i)], numbers[(2 * (first + i)) + 1])));
            images[image] = AnchorSet.Of(boxes, counts);
        }

        return images;
    }

    private static AnchorOptions SquaresOf(AnchorOptions anchors)
        => anchors with { Levels = [.. anchors.Levels.Select(level => level with { Sizes = [level.Sizes.Min()], Ratios = [1] })] };
}
