using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Ballast.Training;

/// <summary>
/// Focal loss on the CPU in single precision: value and gradient in one pass over the logits, with targets by class instead of a matrix of them. The tensor form
/// in <see cref="FocalLoss"/> makes a dozen tensors of that size.
/// </summary>
internal sealed unsafe class FocalFunction : GuardedFunction<FocalFunction>
{
    private const int RowsPerPart = 512;

    /// <inheritdoc/>
    public override string Name => nameof(FocalLoss);

    /// <summary>Whether the kernel takes them.</summary>
    public static bool Takes(Tensor logits, ClassTargets targets)
        => targets.AreByClass && logits.device_type == TorchSharp.DeviceType.CPU && logits.dtype == ScalarType.Float32 && logits.numel() is > 0 and < int.MaxValue / sizeof(float)
            && targets.Labels.device_type == TorchSharp.DeviceType.CPU;

    /// <summary>[N, K]: the loss of each element; 0 in rows that are left out.</summary>
    public static Tensor Of(Tensor logits, ClassTargets targets, FocalLoss loss) => apply(logits.contiguous(), targets.Labels.contiguous(), loss);

    /// <inheritdoc/>
    protected override Tensor Compute(AutogradContext context, object[] inputs)
    {
        var (logits, labels, loss) = ((Tensor)inputs[0], (Tensor)inputs[1], (FocalLoss)inputs[2]);
        var value = empty_like(logits);
        var gradient = logits.requires_grad ? empty_like(logits) : null;
        var (rows, classes) = ((int)logits.shape[0], (int)logits.shape[1]);
        var kernel = new FocalKernel(loss.Gamma, loss.Alpha);
        Check(new ReadOnlySpan<long>(Pointer<long>(labels), rows), classes);
        float* z = Pointer<float>(logits), v = Pointer<float>(value), g = gradient is null ? null : Pointer<float>(gradient);
        var y = Pointer<long>(labels);
        var parts = (rows + RowsPerPart - 1) / RowsPerPart;
        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = get_num_threads() }, part =>
        {
            var last = Math.Min(rows, (part + 1) * RowsPerPart);
            for (var row = part * RowsPerPart; row < last; row++)
            {
                var at = (nint)row * classes;
                kernel.Row(new(z + at, classes), y[row], new(v + at, classes), g is null ? [] : new Span<float>(g + at, classes));
            }
        });
        GC.KeepAlive(labels);
        if (gradient is not null) context.save_for_backward([gradient]);
        return value;
    }

    /// <inheritdoc/>
    protected override List<Tensor> Differentiate(AutogradContext context, Tensor gradient) => [context.get_saved_variables()[0] * gradient, null!, null!];

    private static void Check(ReadOnlySpan<long> labels, int classes)
    {
        foreach (var label in labels)
        {
            if (label > classes) throw new InputException($"FocalLoss: a label is {label}; with {classes} classes it must be at most {classes}, which is background.");
        }
    }

    private static T* Pointer<T>(Tensor tensor)
        where T : unmanaged
        => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
