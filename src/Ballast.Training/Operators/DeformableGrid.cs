namespace Ballast.Training;

/// <summary>How a deformable convolution's kernel moves over the map.</summary>
public sealed record DeformableGrid
{
    private readonly (int Y, int X) _stride = (1, 1);
    private readonly (int Y, int X) _padding;
    private readonly (int Y, int X) _dilation = (1, 1);

    /// <summary>Cells between two places of the kernel.</summary>
    public (int Y, int X) Stride
    {
        get => _stride;
        init => _stride = (Requires.AtLeastOne<DeformableGrid>(value.Y), Requires.AtLeastOne<DeformableGrid>(value.X));
    }

    /// <summary>Cells the kernel reaches beyond the map, where everything is 0.</summary>
    public (int Y, int X) Padding
    {
        get => _padding;
        init => _padding = (Requires.NotNegative<DeformableGrid>(value.Y), Requires.NotNegative<DeformableGrid>(value.X));
    }

    /// <summary>Cells between two points of the kernel.</summary>
    public (int Y, int X) Dilation
    {
        get => _dilation;
        init => _dilation = (Requires.AtLeastOne<DeformableGrid>(value.Y), Requires.AtLeastOne<DeformableGrid>(value.X));
    }
}
