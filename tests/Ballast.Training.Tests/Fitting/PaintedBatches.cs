
namespace Ballast.Training.Tests;

/// <summary>Coloured rectangles on grey, one to three of them, their colour their class: a pure function of seed and step.</summary>
internal sealed class PaintedBatches(int seed = 1, int images = 2, int stepsPerEpoch = 10, int side = 64) : IBatchSource
{
    private static readonly float[][] Colours = [[0.95f, 0.1f, 0.1f], [0.1f, 0.9f, 0.2f]];

    public static DatasetFacts Facts { get; } = new() { Classes = ["red", "green"], Objects = [10, 10], ImagesWith = [8, 8], Images = 10 };

    public int StepsPerEpoch => stepsPerEpoch;

    /// <summary>A small RetinaNet for them.</summary>
    public static RetinaNetOptions Options(BackboneNormalization normalization = BackboneNormalization.Group) => new()
    {
        Profile = DetectorProfile.RetinaNet with
        {
            Input = new() { Short = 64, Long = 64 },
            Anchors = new()
            {
                Levels = [.. Enumerable.Range(3, 3).Select(level => new AnchorLevelOptions { Name = $"P{level}", Stride = 1 << level, Sizes = [4 << level - 1], Ratios = [0.5f, 1, 2] })],
            },
        },
        Backbone = new ResNetOptions { Width = 8, Groups = 4, Normalization = normalization },
        Neck = new FeaturePyramidOptions { Channels = 16 },
        HeadConvolutions = 2,
    };

    public LoadedBatch Load(long step)
    {
        var pictures = Enumerable.Range(0, images).Select(i => Picture((step * images) + i)).ToArray();
        var loaded = new InputTransform(new() { Short = side, Long = side }, new())
            .Apply([.. pictures.Select(picture => picture.Image)], [.. pictures.Select(picture => picture.Truths)]);
        return loaded with { Seed = seed, Step = step };
    }

    /// <summary>Two batches as one.</summary>
    public LoadedBatch LoadTwo(long step) => new PaintedBatches(seed, images * 2, stepsPerEpoch, side).Load(step);

    private (PlanarImage Image, Truths Truths) Picture(long number)
    {
        var random = RandomState.Of(seed, number);
        var values = new float[3 * side * side];
        Array.Fill(values, 0.5f);
        var truths = new Truths();
        for (var objects = 1 + random.Below(3); objects > 0; objects--)
        {
            var (width, height, @class) = (12 + random.Below(20), 12 + random.Below(20), random.Below(2));
            var (x, y) = (random.Below(side - width), random.Below(side - height));
            truths.Add(new(x, y, x + width, y + height), @class);
            for (var channel = 0; channel < 3; channel++)
            {
                for (var row = y; row < y + height; row++)
                    values.AsSpan((channel * side * side) + (row * side) + x, width).Fill(Colours[@class][channel]);
            }
        }

        return (new(values, side, side), truths);
    }
}
