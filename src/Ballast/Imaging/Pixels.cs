using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>An image in memory: red, green, blue and alpha bytes, row after row without gaps. Decoded images are opaque.</summary>
public sealed class Pixels
{
    /// <summary>The most pixels one image can hold: its bytes are one array.</summary>
    public const int MostPixels = int.MaxValue / 4 - 64;

    private readonly byte[] _bytes;

    /// <summary>Makes a transparent black image.</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1; width x height at most <see cref="MostPixels"/>.</param>
    public Pixels(int width, int height)
        : this(width, height, new byte[ByteCount(width, height)])
    {
    }

    /// <summary>Takes bytes as an image, without a copy.</summary>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <param name="bytes">Exactly 4 x width x height bytes.</param>
    public Pixels(int width, int height, byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length != ByteCount(width, height))
            throw new ArgumentException($"{width}x{height} pixels take {ByteCount(width, height)} bytes, not {bytes.Length}.", nameof(bytes));
        Width = width;
        Height = height;
        _bytes = bytes;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Bytes from one row to the next: 4 x width.</summary>
    public int Stride => Width * 4;

    /// <summary>All bytes, row after row.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>The bytes of a row.</summary>
    public Span<byte> Row(int y) => _bytes.AsSpan(y * Stride, Stride);

    /// <summary>
    /// The pixels of a row as whole numbers in memory order (red lowest on little-endian machines): for moving pixels, not for looking into them.
    /// </summary>
    internal Span<uint> Words(int y) => MemoryMarshal.Cast<byte, uint>(Row(y));

    /// <summary>An image of the same size, its memory not cleared.</summary>
    internal static Pixels Uninitialized(int width, int height) => new(width, height, GC.AllocateUninitializedArray<byte>(ByteCount(width, height)));

    /// <summary>A copy of a window.</summary>
    /// <param name="x">Left column.</param>
    /// <param name="y">Top row.</param>
    /// <param name="width">Pixels, at least 1.</param>
    /// <param name="height">Pixels, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window reaches out of the image.</exception>
    public Pixels Crop(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        var crop = Uninitialized(width, height);
        for (var row = 0; row < height; row++) Row(y + row).Slice(x * 4, width * 4).CopyTo(crop.Row(row));
        return crop;
    }

    /// <summary>Left and right change places.</summary>
    public void FlipColumns()
    {
        for (var y = 0; y < Height; y++) Words(y).Reverse();
    }

    /// <summary>Top and bottom change places.</summary>
    public void FlipRows()
    {
        var kept = new byte[Stride];
        for (var y = 0; y < Height / 2; y++)
        {
            Row(y).CopyTo(kept);
            Row(Height - 1 - y).CopyTo(Row(y));
            kept.CopyTo(Row(Height - 1 - y));
        }
    }

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if ((long)width * height > MostPixels)
            throw new ArgumentOutOfRangeException(nameof(width), $"{width}x{height} pixels are more than one image can hold ({MostPixels}).");
        return width * height * 4;
    }
}
