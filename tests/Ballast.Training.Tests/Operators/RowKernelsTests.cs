using System.Numerics;
using System.Runtime.Intrinsics;

namespace Ballast.Training.Tests;

/// <summary>The kernels of every width equal the plain loop.</summary>
public unsafe class RowKernelsTests
{
    public static TheoryData<int> Lengths => [0, 1, 3, 4, 7, 8, 15, 16, 31, 33, 64, 100, 257];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rows_of_floats_are_summed_spread_and_multiplied(int channels) => Check<float>(channels, 1e-5);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Rows_of_doubles_are_summed_spread_and_multiplied(int channels) => Check<double>(channels, 1e-13);

    private static void Check<T>(int channels, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowKernels<T>[] widths =
        [
            new RowKernels<T, Vector512<T>, Lanes512<T>>(), new RowKernels<T, Vector256<T>, Lanes256<T>>(), new RowKernels<T, Vector128<T>, Lanes128<T>>(),
        ];
        Tap<T>[] taps = [new(0, T.CreateChecked(0.25)), new(2 * channels, T.CreateChecked(-1.5)), new(channels, T.CreateChecked(0.75))];
        var (rows, before) = (Numbers<T>(3 * channels, 1), Numbers<T>(channels, 2));
        foreach (var kernels in widths)
        {
            foreach (var add in (bool[])[false, true])
            {
                var target = before.ToArray();
                fixed (T* t = target, r = rows) kernels.WeightedSum(t, r, taps, channels, add);
                Close(target, i => taps.Aggregate(add ? before[i] : T.Zero, (sum, tap) => sum + (tap.Weight * rows[tap.Offset + i])), tolerance);
            }

            // Taps of one row twice: each adds to what the one before left.
            Tap<T>[] twice = [.. taps, new(0, T.CreateChecked(0.5))];
            var spread = rows.ToArray();
            fixed (T* t = spread, a = before) kernels.Spread(t, a, twice, channels);
            Close(spread, i => twice.Where(tap => tap.Offset / channels == i / channels).Aggregate(rows[i], (sum, tap) => sum + (tap.Weight * before[i % channels])), tolerance);
            var dots = new T[4];
            fixed (T* a = before, r = rows) kernels.Dots(a, r, twice, dots, channels);
            Close(dots, k => Enumerable.Range(0, channels).Aggregate(T.Zero, (sum, i) => sum + (before[i] * rows[twice[k].Offset + i])), tolerance * Math.Max(1, channels));
        }
    }

    private static T[] Numbers<T>(int count, int seed)
        where T : INumber<T>
        => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked((((i * 7919) + (seed * 104_729)) % 2003 / 1001.5) - 1))];

    private static void Close<T>(T[] actual, Func<int, T> expected, double tolerance)
        where T : INumber<T>
    {
        for (var i = 0; i < actual.Length; i++) Assert.Equal(double.CreateChecked(expected(i)), double.CreateChecked(actual[i]), tolerance);
    }
}
