using System.Numerics;

namespace Ballast.Training;

/// <summary>Where each point of the kernel looks, at each of its places.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="shape">Sizes.</param>
/// <param name="offsets">[places, groups, points, (y, x)].</param>
/// <param name="masks">[places, groups, points]; null for 1.</param>
internal readonly unsafe struct DeformableSampling<T>(DeformableShape shape, T* offsets, T* masks)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _offsets = offsets;
    private readonly T* _masks = masks;

    /// <summary>The index of (place, group, point) among all.</summary>
    public nint Index(int place, int group, int point) => (((nint)place * shape.OffsetGroups) + group) * shape.Points + point;

    /// <summary>What the sample is multiplied by.</summary>
    public T Mask(nint index) => _masks is null ? T.One : _masks[index];

    /// <summary>The sample of a point at a place.</summary>
    public DeformableSample<T> At(int place, nint index, int point)
    {
        var (grid, x, y) = (shape.Grid, place % shape.OutputWidth, place / shape.OutputWidth % shape.OutputHeight);
        var top = (y * grid.Stride.Y) - grid.Padding.Y + (point / shape.KernelWidth * grid.Dilation.Y);
        var left = (x * grid.Stride.X) - grid.Padding.X + (point % shape.KernelWidth * grid.Dilation.X);
        return new(T.CreateChecked(top) + _offsets[2 * index], T.CreateChecked(left) + _offsets[(2 * index) + 1], shape.Height, shape.Width);
    }
}

/// <summary>A bilinear sample: four cells, those outside of the map 0.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct DeformableSample<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _top;
    private readonly int _left;
    private readonly int _width;
    private readonly bool _hasTop;
    private readonly bool _hasBottom;
    private readonly bool _hasLeft;
    private readonly bool _hasRight;

    public DeformableSample(T y, T x, int height, int width)
    {
        var (floorY, floorX) = (T.Floor(y), T.Floor(x));
        (Down, Right) = (y - floorY, x - floorX);
        (_top, _left, _width) = (int.CreateSaturating(floorY), int.CreateSaturating(floorX), width);
        (_hasTop, _hasBottom) = ((uint)_top < (uint)height, _top >= -1 && _top < height - 1);
        (_hasLeft, _hasRight) = ((uint)_left < (uint)width, _left >= -1 && _left < width - 1);
    }

    /// <summary>How far it lies below the upper cells, in [0, 1).</summary>
    public T Down { get; }

    /// <summary>How far it lies right of the left cells, in [0, 1).</summary>
    public T Right { get; }

    /// <summary>The cells of corner 0 to 3 (upper left, upper right, lower left, lower right) inside the map; -1 outside.</summary>
    public nint Cell(int corner)
    {
        var (lower, right) = (corner >= 2, (corner & 1) == 1);
        if (!(lower ? _hasBottom : _hasTop) || !(right ? _hasRight : _hasLeft)) return -1;
        return ((nint)(_top + (lower ? 1 : 0)) * _width) + _left + (right ? 1 : 0);
    }

    /// <summary>The corner's share.</summary>
    public T Weight(int corner) => (corner >= 2 ? Down : T.One - Down) * ((corner & 1) == 1 ? Right : T.One - Right);

    /// <summary>The corners inside the map as taps.</summary>
    /// <param name="taps">At least 4.</param>
    /// <param name="channels">Elements of a cell.</param>
    /// <param name="factor">What shares are multiplied by.</param>
    public int Taps(Span<Tap<T>> taps, int channels, T factor)
    {
        var count = 0;
        for (var corner = 0; corner < 4; corner++)
        {
            if (Cell(corner) is >= 0 and var cell) taps[count++] = new(cell * channels, Weight(corner) * factor);
        }

        return count;
    }
}
