using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a box head predicts for regions.</summary>
/// <param name="Logits">[R, channels of the classification loss].</param>
/// <param name="Deltas">[R, B, 4 + extra outputs of the box loss]: a box for each class (and, last, one for background that nothing looks at), or one for all.</param>
public sealed record RegionPredictions(Tensor Logits, Tensor Deltas)
{
    /// <summary>The box of one class for each region.</summary>
    /// <param name="classes">[R], 64-bit: 0..K-1; not looked at where all classes share a box.</param>
    /// <returns>[R, 4 + extra outputs].</returns>
    public Tensor BoxesOf(Tensor classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (Deltas.shape[1] == 1) return Deltas.squeeze(1);
        return Deltas.gather(1, classes.reshape(-1, 1, 1).expand(-1, 1, Deltas.shape[2])).squeeze(1);
    }

    /// <summary>The predictions as losses of dense stages take them, each region with the box of its class.</summary>
    /// <param name="classes">[R]: 0..K-1.</param>
    internal DensePredictions Dense(ReadOnlySpan<long> classes)
        => new(Logits.unsqueeze(0), BoxesOf(tensor(classes.ToArray(), dtype: ScalarType.Int64).to(Logits.device)).unsqueeze(0));

    /// <summary>Regions as RoI extractors take them: [R, 5].</summary>
    internal static Tensor Rows(IReadOnlyList<BoxArray> images, Tensor like)
    {
        var rows = new List<float>(5 * images.Sum(boxes => boxes.Count));
        for (var image = 0; image < images.Count; image++)
        {
            for (var i = 0; i < images[image].Count; i++)
            {
                var box = images[image][i];
                rows.AddRange([image, box.X1, box.Y1, box.X2, box.Y2]);
            }
        }

        return tensor(CollectionsMarshal.AsSpan(rows).ToArray(), [rows.Count / 5, 5]).to(like.dtype, like.device);
    }
}
