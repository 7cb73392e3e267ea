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

    /// <summary>row += weight * source, for the row of each tap.</summary>
    public abstract void Spread(T* rows, T* source, ReadOnlySpan<Tap<T>> taps, int channels);

    /// <summary>The sum of a * row for the row of each of four taps, whose weights do not matter.</summary>
    public abstract void Dots(T* a, T* rows, ReadOnlySpan<Tap<T>> taps, Span<T> sums, int channels);
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
        for (; c <= channels - (8 * width); c += 8 * width) Eight(target + c, rows + c, taps, add);
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
    public override void Spread(T* rows, T* source, ReadOnlySpan<Tap<T>> taps, int channels)
    {
        var (width, c) = (TLanes.Count, 0);
        for (; c <= channels - (2 * width); c += 2 * width)
        {
            var (a, b) = (TLanes.Load(source + c), TLanes.Load(source + c + width));
            foreach (ref readonly var tap in taps)
            {
                var weight = TLanes.All(tap.Weight);
                var row = rows + tap.Offset + c;
                TLanes.Store(TLanes.MultiplyAdd(weight, a, TLanes.Load(row)), row);
                TLanes.Store(TLanes.MultiplyAdd(weight, b, TLanes.Load(row + width)), row + width);
            }
        }

        for (; c < channels; c++)
        {
            foreach (ref readonly var tap in taps) rows[tap.Offset + c] = T.MultiplyAddEstimate(tap.Weight, source[c], rows[tap.Offset + c]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Dots(T* a, T* rows, ReadOnlySpan<Tap<T>> taps, Span<T> sums, int channels)
    {
        var (width, c) = (TLanes.Count, 0);
        T* first = rows + taps[0].Offset, second = rows + taps[1].Offset, third = rows + taps[2].Offset, fourth = rows + taps[3].Offset;
        var (w, x, y, z) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
        for (; c <= channels - width; c += width)
        {
            var shared = TLanes.Load(a + c);
            w = TLanes.MultiplyAdd(shared, TLanes.Load(first + c), w);
            x = TLanes.MultiplyAdd(shared, TLanes.Load(second + c), x);
            y = TLanes.MultiplyAdd(shared, TLanes.Load(third + c), y);
            z = TLanes.MultiplyAdd(shared, TLanes.Load(fourth + c), z);
        }

        (sums[0], sums[1], sums[2], sums[3]) = (TLanes.Sum(w), TLanes.Sum(x), TLanes.Sum(y), TLanes.Sum(z));
        for (; c < channels; c++)
        {
            for (var i = 0; i < 4; i++) sums[i] = T.MultiplyAddEstimate(a[c], rows[taps[i].Offset + c], sums[i]);
        }
    }

    /// <summary>Eight vectors at once stay in registers over all taps: fewer would wait for each other's products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(T* target, T* rows, ReadOnlySpan<Tap<T>> taps, bool add)
    {
        var width = TLanes.Count;
        var (a, b, c, d) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
        var (e, f, g, h) = (TLanes.Zero, TLanes.Zero, TLanes.Zero, TLanes.Zero);
        if (add)
        {
            (a, b, c, d) = (TLanes.Load(target), TLanes.Load(target + width), TLanes.Load(target + (2 * width)), TLanes.Load(target + (3 * width)));
            (e, f) = (TLanes.Load(target + (4 * width)), TLanes.Load(target + (5 * width)));
            (g, h) = (TLanes.Load(target + (6 * width)), TLanes.Load(target + (7 * width)));
        }

        foreach (ref readonly var tap in taps)
        {
            var weight = TLanes.All(tap.Weight);
            var row = rows + tap.Offset;
            a = TLanes.MultiplyAdd(weight, TLanes.Load(row), a);
            b = TLanes.MultiplyAdd(weight, TLanes.Load(row + width), b);
            c = TLanes.MultiplyAdd(weight, TLanes.Load(row + (2 * width)), c);
            d = TLanes.MultiplyAdd(weight, TLanes.Load(row + (3 * width)), d);
            e = TLanes.MultiplyAdd(weight, TLanes.Load(row + (4 * width)), e);
            f = TLanes.MultiplyAdd(weight, TLanes.Load(row + (5 * width)), f);
            g = TLanes.MultiplyAdd(weight, TLanes.Load(row + (6 * width)), g);
            h = TLanes.MultiplyAdd(weight, TLanes.Load(row + (7 * width)), h);
        }

        TLanes.Store(a, target);
        TLanes.Store(b, target + width);
        TLanes.Store(c, target + (2 * width));
        TLanes.Store(d, target + (3 * width));
        TLanes.Store(e, target + (4 * width));
        TLanes.Store(f, target + (5 * width));
        TLanes.Store(g, target + (6 * width));
        TLanes.Store(h, target + (7 * width));
    }
}
