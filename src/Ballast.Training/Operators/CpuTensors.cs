using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What kernels need of tensors on the CPU, and of its threads.</summary>
internal static class CpuTensors
{
    /// <summary>Whether a kernel takes it as it is.</summary>
    public static bool HasKernel(Tensor tensor) => tensor.device_type == TorchSharp.DeviceType.CPU && tensor.dtype is ScalarType.Float32 or ScalarType.Float64;

    /// <summary>Where a contiguous tensor's elements begin; the caller keeps the tensor alive. Spans end at 2 GB, pointers do not.</summary>
    public static unsafe T* Pointer<T>(Tensor tensor)
        where T : unmanaged
    {
        if (tensor.numel() == 0) return null;
        using var flat = tensor.detach().view(-1);
        using var first = flat.narrow(0, 0, 1);
        return (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>[N, C, H, W] with the channels of a cell beside each other: [N, H, W, C]. Free for channels_last maps, a copy for others.</summary>
    public static Tensor ChannelsLast(Tensor map) => map.permute(0, 2, 3, 1).contiguous();

    /// <summary>[N, H, W, C] as [N, C, H, W] over the same memory.</summary>
    public static Tensor ChannelsSecond(Tensor rows) => rows.permute(0, 3, 1, 2);

    /// <summary>Does the parts of a job on as many threads as libtorch may use. Parts write to different places, so their order does not matter.</summary>
    public static void Share(int parts, Action<int> part)
    {
        if (parts == 1)
        {
            part(0);
            return;
        }

        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = get_num_threads() }, part);
    }

    /// <summary>The i-th of n nearly equal ranges of a count.</summary>
    public static Range Part(int count, int parts, int part) => (int)((long)count * part / parts)..(int)((long)count * (part + 1) / parts);

    /// <summary>The i-th of n ranges of channels, each but the last a multiple of a cache line's floats.</summary>
    public static (int Start, int Count) Channels(int channels, int parts, int part)
    {
        const int Line = 16;
        var lines = (channels + Line - 1) / Line;
        var range = Part(lines, parts, part);
        var (start, end) = (range.Start.Value * Line, Math.Min(range.End.Value * Line, channels));
        return (start, Math.Max(0, end - start));
    }
}
