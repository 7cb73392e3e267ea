using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>All sizes of one deformable convolution, checked against each other.</summary>
internal sealed class DeformableShape
{
    /// <summary>Derives the sizes.</summary>
    /// <exception cref="InputException">They do not fit.</exception>
    public DeformableShape(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformableGrid grid)
    {
        Grid = grid;
        if (input.dim() != 4 || weight.dim() != 4 || offset.dim() != 4)
            throw Error($"input {Checks.Shape(input)}, offset {Checks.Shape(offset)} and weight {Checks.Shape(weight)} must have four dimensions");
        (Images, Channels, Height, Width) = ((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        (Filters, KernelHeight, KernelWidth) = ((int)weight.shape[0], (int)weight.shape[2], (int)weight.shape[3]);
        OutputHeight = Steps(Height, KernelHeight, grid.Padding.Y, grid.Dilation.Y, grid.Stride.Y);
        OutputWidth = Steps(Width, KernelWidth, grid.Padding.X, grid.Dilation.X, grid.Stride.X);
        if (OutputHeight < 1 || OutputWidth < 1)
            throw Error($"a {KernelHeight}x{KernelWidth} kernel does not fit into a {Height}x{Width} map with padding {grid.Padding} and dilation "
                + $"{grid.Dilation}");
        Groups = Share(Channels, weight.shape[1], $"{Channels} channels of the input", $"{weight.shape[1]} of the weight");
        if (Filters % Groups != 0) throw Error($"{Filters} filters cannot be shared by {Groups} groups");
        OffsetGroups = Share(offset.shape[1], 2L * Points, $"{offset.shape[1]} channels of offsets", $"{2 * Points} (y and x for each of {Points} points)");
        if (Channels % OffsetGroups != 0) throw Error($"{Channels} channels cannot be shared by {OffsetGroups} groups of offsets");
        Require("offset", offset, [Images, 2L * OffsetGroups * Points, OutputHeight, OutputWidth]);
        if (mask is not null) Require("mask", mask, [Images, (long)OffsetGroups * Points, OutputHeight, OutputWidth]);
        if (bias is not null) Require("bias", bias, [Filters]);
    }

    public DeformableGrid Grid { get; }

    public int Images { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int Filters { get; }

    public int KernelHeight { get; }

    public int KernelWidth { get; }

    /// <summary>Groups of the weight.</summary>
    public int Groups { get; }

    /// <summary>Groups of channels that share their offsets.</summary>
    public int OffsetGroups { get; }

    public int OutputHeight { get; }

    public int OutputWidth { get; }

    /// <summary>Points of the kernel.</summary>
    public int Points => KernelHeight * KernelWidth;

    /// <summary>Places of the kernel on all images.</summary>
    public int Places => Images * OutputHeight * OutputWidth;

    private static int Steps(int size, int kernel, int padding, int dilation, int stride)
    {
        var room = size + (2 * padding) - (dilation * (kernel - 1)) - 1;
        return room < 0 ? 0 : (room / stride) + 1;
    }

    private static int Share(long all, long part, string whole, string each)
        => part > 0 && all > 0 && all % part == 0 ? (int)(all / part) : throw Error($"{whole} are no multiple of {each}");

    private static void Require(string name, Tensor tensor, long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape)) throw Error($"{name} has shape {Checks.Shape(tensor)}; it must be [{string.Join(", ", shape)}]");
    }

    private static InputException Error(string what) => new($"DeformableConvolution: {what}.");
}
