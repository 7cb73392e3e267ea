using System.Numerics;

namespace Ballast.Training;

/// <summary>The levels of a pyramid over given maps.</summary>
internal static class PyramidLevels
{
    /// <summary>The maps a neck gives: of the inputs' strides first, and above them of twice the stride each; P and the binary logarithm of the stride.</summary>
    public static IReadOnlyList<FeatureLevel> Over(IReadOnlyList<FeatureLevel> inputs, int levels, int channels)
    {
        Check(inputs, levels);
        return [.. Enumerable.Range(0, levels).Select(i => Level(i < inputs.Count ? inputs[i].Stride : inputs[^1].Stride << (i + 1 - inputs.Count), channels))];
    }

    private static FeatureLevel Level(int stride, int channels) => new($"P{BitOperations.Log2((uint)stride)}", stride, channels);

    private static void Check(IReadOnlyList<FeatureLevel> inputs, int levels)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0) throw new InputException("A neck needs at least one map of the backbone; none was given.");
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!BitOperations.IsPow2(inputs[i].Stride) || (i > 0 && inputs[i].Stride <= inputs[i - 1].Stride))
                throw new InputException($"A neck's inputs have strides {string.Join(", ", inputs.Select(level => level.Stride))}; they must be powers of two, finest first.");
        }

        if (levels < 1) throw new InputException($"A neck is to give {levels} levels; it must be at least 1.");
        if (levels - inputs.Count > 8) throw new InputException($"A neck of {inputs.Count} maps is to give {levels}; at most 8 lie above the inputs.");
    }
}
