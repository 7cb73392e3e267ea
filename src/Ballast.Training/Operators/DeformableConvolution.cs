using System.Numerics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a deformable convolution is built from.</summary>
public sealed record DeformableConvolutionOptions
{
    private readonly int _kernelSize = 3;
    private readonly int _stride = 1;
    private readonly int _padding = 1;
    private readonly int _dilation = 1;
    private readonly int _groups = 1;

    /// <summary>Points of the kernel along each side.</summary>
    public int KernelSize { get => _kernelSize; init => _kernelSize = Requires.AtLeastOne<DeformableConvolutionOptions>(value); }

    /// <summary>Cells between two places of the kernel.</summary>
    public int Stride { get => _stride; init => _stride = Requires.AtLeastOne<DeformableConvolutionOptions>(value); }

    /// <summary>Cells the kernel reaches beyond the map, where everything is 0.</summary>
    public int Padding { get => _padding; init => _padding = Requires.NotNegative<DeformableConvolutionOptions>(value); }

    /// <summary>Cells between two points of the kernel.</summary>
    public int Dilation { get => _dilation; init => _dilation = Requires.AtLeastOne<DeformableConvolutionOptions>(value); }

    /// <summary>Groups of channels, each seen by filters of its own.</summary>
    public int Groups { get => _groups; init => _groups = Requires.AtLeastOne<DeformableConvolutionOptions>(value); }

    /// <summary>Whether each filter has a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Builds the module.</summary>
    /// <param name="channels">Of the input.</param>
    /// <param name="filters">Channels of the output.</param>
    public DeformableConvolution Build(int channels, int filters) => new(this, channels, filters);
}

/// <summary>
/// Deformable convolution (Dai et al. 2017, arXiv:1703.06211, eq. 2): y(p) = sum over points k of w_k m_k(p) x(p + p_k + d_k(p)), sampled bilinearly, 0 outside
/// of the map. The offsets d are given, so each place looks where it was told to; the mask m makes it version 2 (Zhu et al. 2018, arXiv:1811.11168, eq. 1). The
/// state is torchvision's: weight, bias. On the CPU, in single and double precision, it is a kernel; half precision is computed in single; elsewhere it is
/// composed of tensor operations.
/// </summary>
public sealed class DeformableConvolution : nn.Module
{
    private readonly DeformableGrid _grid;

    internal DeformableConvolution(DeformableConvolutionOptions options, int channels, int filters)
        : base(nameof(DeformableConvolution))
    {
        if (channels < 1 || filters < 1 || channels % options.Groups != 0 || filters % options.Groups != 0)
            throw new InputException($"DeformableConvolution: {channels} channels and {filters} filters cannot be shared by {options.Groups} groups.");
        _grid = new()
        {
            Stride = (options.Stride, options.Stride),
            Padding = (options.Padding, options.Padding),
            Dilation = (options.Dilation, options.Dilation),
        };
        var fanIn = channels / options.Groups * options.KernelSize * options.KernelSize;
        Register("weight", [filters, channels / options.Groups, options.KernelSize, options.KernelSize], fanIn);
        if (options.Bias) Register("bias", [filters], fanIn);
    }

    /// <summary>[filters, channels / groups, kernel, kernel].</summary>
    public Tensor Weight => get_parameter("weight")!;

    /// <summary>[filters]; null without.</summary>
    public Tensor? Bias => get_parameter("bias");

    /// <summary>Convolves.</summary>
    /// <param name="input">[N, C, H, W].</param>
    /// <param name="offset">[N, 2 groups K, Ho, Wo]: (y, x) of each of the K points in rows of the kernel, for each group of channels.</param>
    /// <param name="mask">[N, groups K, Ho, Wo], or null for 1; the sigmoid is the caller's.</param>
    /// <returns>[N, filters, Ho, Wo], in channels_last memory.</returns>
    public Tensor Forward(Tensor input, Tensor offset, Tensor? mask = null)
        => Apply(input, offset, Weight, Bias, mask, _grid);

    /// <summary>Convolves with a given weight.</summary>
    /// <param name="input">[N, C, H, W]; memory in channels_last order saves a copy.</param>
    /// <param name="offset">[N, 2 groups K, Ho, Wo]: (y, x) of each of the K points in rows of the kernel, for each group of channels; the number of groups is
    /// what its channels say.</param>
    /// <param name="weight">[filters, C / weight groups, kernel height, kernel width].</param>
    /// <param name="bias">[filters], or null.</param>
    /// <param name="mask">[N, groups K, Ho, Wo], or null for 1.</param>
    /// <param name="grid">Stride, padding, dilation; null for 1, 0, 1.</param>
    /// <returns>[N, filters, Ho, Wo], in channels_last memory.</returns>
    /// <exception cref="InputException">Shapes do not fit.</exception>
    public static Tensor Apply(Tensor input, Tensor offset, Tensor weight, Tensor? bias = null, Tensor? mask = null, DeformableGrid? grid = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(offset);
        ArgumentNullException.ThrowIfNull(weight);
        var kernel = input.device_type == TorchSharp.DeviceType.CPU;
        if (!kernel || CpuTensors.HasKernel(input)) return Convolve(input, offset, weight, bias, mask, grid, kernel);
        Tensor Single(Tensor tensor) => tensor.to(ScalarType.Float32);
        var (singleBias, singleMask) = (bias is null ? null : Single(bias), mask is null ? null : Single(mask));
        return Convolve(Single(input), Single(offset), Single(weight), singleBias, singleMask, grid, kernel).to(input.dtype);
    }

    /// <summary>The same by tensor operations: any device and type.</summary>
    internal static Tensor Compose(Tensor input, Tensor offset, Tensor weight, Tensor? bias = null, Tensor? mask = null, DeformableGrid? grid = null)
        => Convolve(input, offset, weight, bias, mask, grid, kernel: false);

    /// <summary>As convolutions begin in torch: uniform within 1 / sqrt(fan in).</summary>
    private void Register(string name, long[] shape, int fanIn)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        register_parameter(name, new TorchSharp.Modules.Parameter(empty(shape).uniform_(-bound, bound).DetachFromDisposeScope()));
    }

    private static Tensor Convolve(Tensor input, Tensor offset, Tensor weight, Tensor? bias, Tensor? mask, DeformableGrid? grid, bool kernel)
    {
        using var scope = NewDisposeScope();
        var shape = new DeformableShape(input, offset, weight, bias, mask, grid ?? new());
        CheckTypes(input, offset, weight, mask);
        var matrix = weight.permute(0, 2, 3, 1).reshape(shape.Groups, shape.Filters / shape.Groups, -1);
        var (rows, offsets, masks) = (CpuTensors.ChannelsLast(input), CpuTensors.ChannelsLast(offset), mask is null ? null : CpuTensors.ChannelsLast(mask));
        var product = !kernel ? DeformableTensors.Apply(shape, rows, offsets, masks, matrix)
            : input.dtype == ScalarType.Float64 ? Kernel<double>(shape, rows, offsets, masks, matrix)
            : Kernel<float>(shape, rows, offsets, masks, matrix);
        return CpuTensors.ChannelsSecond(bias is null ? product : product + bias).MoveToOuterDisposeScope();
    }

    private static Tensor Kernel<T>(DeformableShape shape, Tensor input, Tensor offset, Tensor? mask, Tensor weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var contiguous = weight.contiguous();
        var learned = is_grad_enabled() && (input.requires_grad || offset.requires_grad || weight.requires_grad || mask is { requires_grad: true });
        return learned
            ? DeformableFunction<T>.apply(shape, input, offset, mask!, contiguous)
            : DeformableFunction<T>.Forward(shape, input, offset, mask, contiguous);
    }

    private static void CheckTypes(Tensor input, Tensor offset, Tensor weight, Tensor? mask)
    {
        foreach (var (name, tensor) in new[] { ("input", input), ("offset", offset), ("weight", weight), ("mask", mask ?? offset) })
        {
            Checks.IsFinite(nameof(DeformableConvolution), name, tensor);
            if (tensor.dtype != input.dtype || tensor.device_type != input.device_type)
                throw new InputException($"DeformableConvolution: {name} is {tensor.dtype} on {tensor.device_type}; it must be as the input, "
                    + $"{input.dtype} on {input.device_type}.");
        }
    }
}
