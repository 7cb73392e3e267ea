using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// What TorchSharp 0.107.0 gets wrong, and the form that is used in its place. The tests show each defect, so that they fail when a new version mends it.
/// </summary>
internal static class TorchCures
{
    /// <summary>Group normalisation that starts as the identity; TorchSharp leaves its weight and bias as the memory was.</summary>
    public static GroupNorm GroupNormalization(long groups, long channels)
    {
        var module = nn.GroupNorm(groups, channels);
        nn.init.ones_(module.weight!);
        nn.init.zeros_(module.bias!);
        return module;
    }

    /// <summary>Whether two tensors have the same shape and numbers; TorchSharp's equal compares element by element.</summary>
    public static bool AreEqual(Tensor a, Tensor b) => a.shape.AsSpan().SequenceEqual(b.shape) && a.eq(b).all().item<bool>();
}
