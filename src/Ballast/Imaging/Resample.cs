using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ballast;

/// <summary>
/// Changes the size of images: area averaging where a side shrinks, bilinear where it grows, on whole numbers, so that every machine makes the same bytes.
/// </summary>
public static class Resample
{
    /// <summary>Bits dropped between the passes: a column sum keeps 8 bits behind the point and fits 16.</summary>
    private const int FirstShift = ResampleWeights.Bits - 8;
    private const int SecondShift = ResampleWeights.Bits + 8;

    /// <summary>Size after fitting into a square: the longer side is at most <paramref name="maxSide"/>, proportions are kept, nothing grows.</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="maxSide">Pixels; 0 for no limit.</param>
    public static (int Width, int Height) FitSize(int width, int height, int maxSide)
    {
        var longer = Math.Max(width, height);
        return maxSide <= 0 || longer <= maxSide ? (width, height) : (Scaled(width), Scaled(height));

        int Scaled(int side) => Math.Max(1, (int)(((long)side * maxSide * 2 + longer) / (longer * 2L)));
    }

    /// <summary>The image fitted into a square of <paramref name="maxSide"/>; the same object when it fits already.</summary>
    public static Pixels Fit(Pixels pixels, int maxSide)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        var (width, height) = FitSize(pixels.Width, pixels.Height, maxSide);
        return To(pixels, width, height);
    }

    /// <summary>The image at another size; the same object when it has that size.</summary>
    /// <param name="pixels">The image.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    public static Pixels To(Pixels pixels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (pixels.Width == width && pixels.Height == height) return pixels;
        var result = Pixels.Uninitialized(width, height);
        var columns = new ResampleWeights(pixels.Width, width);
        var rows = new ResampleWeights(pixels.Height, height);
        var line = new ushort[pixels.Stride];
        for (var y = 0; y < height; y++)
        {
            SumRows(pixels.Bytes[(rows.First(y) * pixels.Stride)..], pixels.Stride, rows.Of(y), line);
            SumColumns(line, columns, MemoryMarshal.Cast<byte, uint>(result.Row(y)));
        }

        return result;
    }

    /// <summary>
    /// One output row before its columns are summed: 8.8 fixed point for each byte of the input's width. A block of columns stays in registers over all its
    /// rows.
    /// </summary>
    private static void SumRows(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights, Span<ushort> line)
    {
        var i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref var source = ref MemoryMarshal.GetReference(rows);
            ref var target = ref MemoryMarshal.GetReference(line);
            for (; i <= stride - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
            {
                var (low, high) = (Vector256<uint>.Zero, Vector256<uint>.Zero);
                for (var j = 0; j < weights.Length; j++)
                {
                    var bytes = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)(j * stride + i)).ToVector256Unsafe());
                    var (first, second) = Vector256.Widen(bytes);
                    low += first * (uint)weights[j];
                    high += second * (uint)weights[j];
                }

                Vector256.Narrow(low >>> FirstShift, high >>> FirstShift).StoreUnsafe(ref target, (nuint)i);
            }
        }

        for (; i < stride; i++)
        {
            var sum = 0u;
            for (var j = 0; j < weights.Length; j++) sum += rows[j * stride + i] * (uint)weights[j];
            line[i] = (ushort)(sum >>> FirstShift);
        }
    }

    /// <summary>Sums columns into pixels, the four channels of a pixel at once.</summary>
    private static void SumColumns(ReadOnlySpan<ushort> line, ResampleWeights columns, Span<uint> row)
    {
        ref var source = ref Unsafe.As<ushort, ulong>(ref MemoryMarshal.GetReference(line));
        for (var x = 0; x < row.Length; x++)
        {
            var sum = Vector128.Create(1u << (SecondShift - 1));
            ref var first = ref Unsafe.Add(ref source, columns.First(x));
            var weights = columns.Of(x);
            for (var j = 0; j < weights.Length; j++)
                sum += Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.Add(ref first, j)).AsUInt16()) * (uint)weights[j];
            var bytes = Vector128.Narrow(Vector128.Narrow(sum >>> SecondShift, Vector128<uint>.Zero), Vector128<ushort>.Zero);
            row[x] = bytes.AsUInt32().ToScalar();
        }
    }
}
