using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The numbers of tensors on the host.</summary>
internal static class HostNumbers
{
    /// <summary>All numbers of a tensor in single precision, row by row, copied.</summary>
    public static float[] Of(Tensor tensor)
    {
        if (tensor.numel() == 0) return [];
        using var scope = NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>(tensor.detach().to(ScalarType.Float32).cpu().contiguous().bytes).ToArray();
    }
}
