using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ballast.Training;

/// <summary>A row of channels that a sum takes its share of.</summary>
/// <param name="Offset">Where the row begins, in elements from the first row.</param>
/// <param name="Weight">Its share.</param>
internal readonly record struct Tap<T>(nint Offset, T Weight);

/// <summary>
/// What the operators do with rows of channels. Each channel is summed in the order of the taps, so results depend neither on the width of the hardware's
/// vectors (but for one rounding or two in a product and sum) nor on how channels or rows are shared among threads.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal abstract unsafe class RowKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The widest of this machine.</summary>
    public static RowKernels<T> Best { get; } = Vector512.IsHardwareAccelerated ? new RowKernels<T, Vector512<T>, Lanes512<T>>()
        : Vector256.IsHardwareAccelerated ? new RowKernels<T, Vector256<T>, Lanes256<T>>()
        : new RowKernels<T, Vector128<T>, Lanes128<T>>();

    /// <summary>target = sum of weight * row, or target += that.</summary>
    public abstract void WeightedSum(T* target, T* rows, ReadOnlySpan<Tap<T>> taps, int channels, bool add);

    /// <summary>target += weight * source.</summary>
    public abstract void Add(T* target, T* source, T weight, int channels);

    /// <summary>The sum of a * b.</summary>
    public abstract T Dot(T* a, T* b, int channels);
}

/// <inheritdoc/>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="TLanes">What is done with it.</typeparam>
internal sealed unsafe class RowKernels<T, TVector, TLanes> : RowKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<T, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void WeightedSum(T* target, T* rows, ReadOnlySpan<Tap<T>> taps, int channels, bool add)
    {
        var (width, c) = (TLanes.Count, 0);
        for (; c <= channels - (4 * width); c += 4 * width) Four(target + c, rows + c, taps, add);
        for (; c <= channels - width; c += width)
        {
            var sum = add ? TLanes.Load(target + c) : TLanes.Zero;
            foreach (ref readonly var tap in taps) sum = TLanes.MultiplyAdd(TLanes.All(tap.Weight), TLanes.Load(rows + tap.Offset + c), sum);
            TLanes.Store(sum, target + c);
        }

        for (; c < channels; c++)
        {
            var sum = add ? target[c] : T.Zero;
            foreach (ref readonly var tap in taps) sum = T.MultiplyAddEstimate(tap.Weight, rows[tap.Offset + c], sum);
            target[c] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(T* target, T* source, T weight, int channels)
    {
        var (width, c, all) = (TLanes.Count, 0, TLanes.All(weight));
        for (; c <= channels - width; c += width) TLanes.Store(TLanes.MultiplyAdd(all, TLanes.Load(source + c), TLanes.Load(target + c)), target + c);
        for (; c < channels; c++) target[c] = T.MultiplyAddEstimate(weight, source[c], target[c]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override T Dot(T* a, T* b, int channels)
    {
        var (width, c) = (TLanes.Count, 0);
        var (even, odd) = (TLanes.Zero, TLanes.Zero);
        for (; c <= channels - (2 * width); c += 2 * width)
        {
            even = TLanes.MultiplyAdd(TLanes.Load(a + c), TLanes.Load(b + c), even);
            odd = TLanes.MultiplyAdd(TLanes.Load(a + c + width), TLanes.Load(b + c + width), odd);
        }

        var sum = TLanes.Sum(even) + TLanes.Sum(odd);
        for (; c < channels; c++) sum = T.MultiplyAddEstimate(a[c], b[c], sum);
        return sum;
    }

    /// <summary>Four vectors at once stay in registers over all taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(T* target, T* rows, ReadOnlySpan<Tap<T>> taps, bool add)
    {
        var width = TLanes.Count;
        var (a, b, c, d) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
        if (add)
        {
            a = TLanes.Load(target);
            b = TLanes.Load(target + width);
            c = TLanes.Load(target + (2 * width));
            d = TLanes.Load(target + (3 * width));
        }

        foreach (ref readonly var tap in taps)
        {
            var weight = TLanes.All(tap.Weight);
            var row = rows + tap.Offset;
            a = TLanes.MultiplyAdd(weight, TLanes.Load(row), a);
            b = TLanes.MultiplyAdd(weight, TLanes.Load(row + width), b);
            c = TLanes.MultiplyAdd(weight, TLanes.Load(row + (2 * width)), c);
            d = TLanes.MultiplyAdd(weight, TLanes.Load(row + (3 * width)), d);
        }

        TLanes.Store(a, target);
        TLanes.Store(b, target + width);
        TLanes.Store(c, target + (2 * width));
        TLanes.Store(d, target + (3 * width));
    }
}
