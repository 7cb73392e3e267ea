namespace Ballast.Training;

/// <summary>A tensor that lies in a file of weights.</summary>
/// <param name="Name">Its name, as in a state dictionary.</param>
/// <param name="Type">
/// The type of its numbers, as safetensors names types: F32, F16, BF16, F64, I64, I32, I16, I8, U8, BOOL, C64 ... (C128 for complex numbers of double precision).
/// </param>
/// <param name="Shape">Its sides; empty for a single number.</param>
public sealed record StoredTensor(string Name, string Type, Values<long> Shape)
{
    /// <summary>Where it lies.</summary>
    internal TensorPlace Place { get; init; } = null!;

    /// <summary>"conv1.weight F32 [64, 3, 7, 7]".</summary>
    public override string ToString() => $"{Name} {Type} [{string.Join(", ", Shape)}]";
}

/// <summary>Where the numbers of a tensor lie in a file.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Start">The first number's place in the file, in bytes.</param>
/// <param name="Strides">Numbers from one index to the next, along each side.</param>
/// <param name="Count">Numbers of the tensor.</param>
/// <param name="Reach">Numbers from the first to the last that lies farthest, both counted; 0 for an empty tensor.</param>
internal sealed record TensorPlace(TensorType Type, long Start, long[] Strides, long Count, long Reach)
{
    /// <summary>Whether the numbers lie row by row without gaps.</summary>
    public bool IsDense { get; init; }

    /// <summary>A tensor whose numbers lie row by row; null when there are more than a whole number can count.</summary>
    public static TensorPlace? Dense(TensorType type, long start, ReadOnlySpan<long> shape) => Of(type, start, shape, RowByRow(shape));

    /// <summary>A tensor by its strides; null when it is impossible: a negative side or stride, or more numbers than a whole number can count.</summary>
    public static TensorPlace? Of(TensorType type, long start, ReadOnlySpan<long> shape, long[] strides)
    {
        if (shape.Length != strides.Length) return null;
        try
        {
            long count = 1, reach = 1;
            var dense = true;
            for (var side = shape.Length - 1; side >= 0; side--)
            {
                if (shape[side] < 0 || strides[side] < 0) return null;
                dense &= shape[side] <= 1 || strides[side] == count;
                count = checked(count * shape[side]);
                reach = checked(reach + (Math.Max(0, shape[side] - 1) * strides[side]));
            }

            _ = checked(Math.Max(count, reach) * type.Bytes);
            return new(type, start, strides, count, count == 0 ? 0 : reach) { IsDense = dense };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Unchecked on purpose: sides that overflow are found by <see cref="Of"/>.</summary>
    private static long[] RowByRow(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        for (long side = shape.Length - 1, step = 1; side >= 0; side--)
        {
            strides[side] = Math.Max(step, 1);
            step = unchecked(step * Math.Max(1, shape[(int)side]));
        }

        return strides;
    }
}
