using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Images of 128 pixels with painted objects of three classes (a colour each) on a noisy ground: what a small detector learns in seconds.</summary>
internal static class PaintedScenes
{
    public const int Side = 128;

    private static readonly float[][] Colours = [[0.9f, 0.2f, 0.2f], [0.2f, 0.9f, 0.2f], [0.2f, 0.3f, 0.95f]];

    /// <summary>Objects of every size of SSD's default boxes at 128 pixels, so that each level has some.</summary>
    private static readonly (int X, int Y, int Side, int Class)[][] Scenes =
    [
        [(8, 8, 18, 0), (60, 50, 52, 1), (30, 90, 20, 2)],
        [(2, 2, 88, 2), (104, 8, 18, 1), (100, 100, 10, 0)],
        [(6, 8, 112, 0)],
        [(20, 20, 34, 1), (70, 66, 40, 0), (90, 14, 22, 2), (16, 96, 12, 1)],
    ];

    public static DatasetFacts Facts { get; } = new() { Classes = ["red", "green", "blue"], Objects = [4, 4, 3], ImagesWith = [4, 3, 3], Images = 4 };

    public static Truths Truths(int scene)
    {
        var truths = new Truths();
        foreach (var (x, y, side, @class) in Scenes[scene % Scenes.Length]) truths.Add(new(x, y, x + side, y + side), @class);
        return truths;
    }

    public static Pixels Picture(int scene, bool empty = false)
    {
        var pixels = new Pixels(Side, Side);
        var noise = RandomState.Of(5, scene);
        for (var i = 0; i < pixels.Bytes.Length; i++) pixels.Bytes[i] = i % 4 == 3 ? (byte)255 : (byte)(90 + noise.Below(40));
        foreach (var (x, y, side, @class) in empty ? [] : Scenes[scene % Scenes.Length])
        {
            for (var row = y; row < y + side; row++)
            {
                for (var at = 0; at < side * 4; at++) pixels.Row(row)[(x * 4) + at] = at % 4 == 3 ? (byte)255 : (byte)(255 * Colours[@class][at % 4]);
            }
        }

        return pixels;
    }

    /// <summary>The scenes as a detector's batch.</summary>
    public static Batch Batch(DetectorOptions options, int images = 4, bool empty = false)
    {
        var pictures = Enumerable.Range(0, images).Select(scene => PlanarImage.Of(Picture(scene, empty))).ToArray();
        var truths = Enumerable.Range(0, images).Select(scene => empty ? new Truths() : Truths(scene)).ToArray();
        return InputTransform.Of(options).Apply(pictures, truths).To(CPU);
    }
}
