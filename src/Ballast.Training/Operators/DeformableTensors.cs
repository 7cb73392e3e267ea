using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Deformable convolution by tensor operations, for devices without a kernel: the corners of every sample are gathered, weighed, multiplied.</summary>
internal static class DeformableTensors
{
    /// <summary>The value.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="offset">[N, Ho, Wo, 2 groups points].</param>
    /// <param name="mask">[N, Ho, Wo, groups points], or null.</param>
    /// <param name="weight">[groups, filters of a group, points channels of a group].</param>
    /// <returns>[N, Ho, Wo, filters].</returns>
    public static Tensor Apply(DeformableShape shape, Tensor input, Tensor offset, Tensor? mask, Tensor weight)
    {
        var (groups, points, each) = (shape.OffsetGroups, shape.Points, shape.Channels / shape.OffsetGroups);
        var offsets = offset.view(shape.Images, shape.OutputHeight, shape.OutputWidth, groups, points, 2);
        var (top, left) = Kernel(shape, offset.dtype, offset.device);
        var (y, x) = (top + offsets.select(5, 0), left + offsets.select(5, 1));
        var rows = input.reshape(shape.Images * shape.Height * shape.Width * groups, each);
        var samples = Samples(shape, rows, y, x).view(shape.Places, groups, points, each);
        if (mask is not null) samples = samples * mask.reshape(shape.Places, groups, points, 1);
        var columns = samples.transpose(1, 2).reshape(shape.Places, points, shape.Groups, shape.Channels / shape.Groups);
        var product = matmul(columns.permute(2, 0, 1, 3).reshape(shape.Groups, shape.Places, -1), weight.transpose(1, 2));
        return product.transpose(0, 1).reshape(shape.Images, shape.OutputHeight, shape.OutputWidth, shape.Filters);
    }

    /// <summary>Where the points of the kernel lie without offsets: rows [Ho, 1, 1, points] and columns [1, Wo, 1, points].</summary>
    private static (Tensor Top, Tensor Left) Kernel(DeformableShape shape, ScalarType type, Device device)
    {
        var (grid, point) = (shape.Grid, arange(shape.Points, ScalarType.Int64, device));
        var y = ((arange(shape.OutputHeight, ScalarType.Int64, device) * grid.Stride.Y) - grid.Padding.Y).view(-1, 1, 1, 1);
        var x = ((arange(shape.OutputWidth, ScalarType.Int64, device) * grid.Stride.X) - grid.Padding.X).view(1, -1, 1, 1);
        var (row, column) = (point.div(shape.KernelWidth, RoundingMode.floor), point.remainder(shape.KernelWidth));
        return ((y + (row * grid.Dilation.Y)).to(type), (x + (column * grid.Dilation.X)).to(type));
    }

    /// <summary>[places groups points, channels of a group].</summary>
    private static Tensor Samples(DeformableShape shape, Tensor rows, Tensor y, Tensor x)
    {
        var (top, left) = (y.detach().floor(), x.detach().floor());
        var (down, right) = (y - top, x - left);
        var upper = Corner(shape, rows, top, left, (1 - down) * (1 - right)) + Corner(shape, rows, top, left + 1, (1 - down) * right);
        return upper + Corner(shape, rows, top + 1, left, down * (1 - right)) + Corner(shape, rows, top + 1, left + 1, down * right);
    }

    private static Tensor Corner(DeformableShape shape, Tensor rows, Tensor y, Tensor x, Tensor weight)
    {
        var inside = (y >= 0).logical_and(y < shape.Height).logical_and(x >= 0).logical_and(x < shape.Width);
        var image = arange(shape.Images, ScalarType.Int64, y.device).view(-1, 1, 1, 1, 1);
        var group = arange(shape.OffsetGroups, ScalarType.Int64, y.device).view(1, 1, 1, -1, 1);
        var (row, column) = (y.clamp(0, shape.Height - 1).to(ScalarType.Int64), x.clamp(0, shape.Width - 1).to(ScalarType.Int64));
        var cell = ((((((image * shape.Height) + row) * shape.Width) + column) * shape.OffsetGroups) + group).flatten();
        return rows.index_select(0, cell) * where(inside, weight, zeros_like(weight)).reshape(-1, 1);
    }
}
