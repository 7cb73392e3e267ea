using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class DeformableConvolutionTests
{
    /// <summary>Groups of the weight, groups of offsets, stride, padding, dilation, whether there is a mask.</summary>
    public static TheoryData<int, int, int, int, int, bool> Variants => new()
    {
        { 1, 1, 1, 1, 1, false }, { 1, 1, 1, 1, 1, true }, { 1, 3, 2, 1, 1, true }, { 2, 1, 1, 0, 1, true }, { 3, 2, 1, 2, 2, true }, { 6, 6, 2, 2, 2, false },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_kernel_equals_the_composition_in_values_and_gradients(int groups, int offsetGroups, int stride, int padding, int dilation, bool masked)
    {
        using var scope = NewDisposeScope();
        manual_seed((groups * 10) + offsetGroups);
        var grid = Grid(stride, padding, dilation);
        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, 2e-5), (ScalarType.Float64, 1e-12) })
        {
            var inputs = Inputs(type, groups, offsetGroups, masked, grid, channels: 66);
            var kernel = Run(inputs, tensors => DeformableConvolution.Apply(tensors[0], tensors[1], tensors[2], tensors[3], Mask(tensors), grid));
            var composed = Run(inputs, tensors => DeformableConvolution.Compose(tensors[0], tensors[1], tensors[2], tensors[3], Mask(tensors), grid));
            foreach (var (a, b) in kernel.Zip(composed)) Assert.True(OperatorCases.Gap(a, b) < tolerance, $"{type}: {OperatorCases.Gap(a, b)}");
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 2, 1, 1)]
    [InlineData(3, 1, 2, 2)]
    public void Offsets_of_zero_give_an_ordinary_convolution(int groups, int stride, int padding, int dilation)
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = (randn(2, 6, 13, 9), randn(6, 6 / groups, 3, 3), randn(6));
        var expected = nn.functional.conv2d(input, weight, bias, [stride, stride], [padding, padding], [dilation, dilation], groups);
        var offset = zeros(2, 18, expected.shape[2], expected.shape[3]);
        var actual = DeformableConvolution.Apply(input, offset, weight, bias, null, Grid(stride, padding, dilation));
        Assert.True(OperatorCases.Gap(actual, expected) < 1e-5);
    }

    [Fact]
    public void An_offset_of_a_whole_cell_looks_there_and_a_mask_weighs_it()
    {
        using var scope = NewDisposeScope();
        var input = arange(12, ScalarType.Float32).view(1, 1, 3, 4);
        var (offset, mask) = (zeros(1, 2, 3, 4), full([1, 1, 3, 4], 0.5f));
        offset[0, 1] += 1;
        var output = DeformableConvolution.Apply(input, offset, ones(1, 1, 1, 1), null, mask);
        Assert.Equal([0.5f, 1, 1.5f, 0, 2.5f, 3, 3.5f, 0, 4.5f, 5, 5.5f, 0], GoldenTensors.Values(output));
    }

    [Fact]
    public void The_gradients_equal_finite_differences()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var grid = Grid(1, 1, 1);
        var inputs = Inputs(ScalarType.Float64, 1, 2, masked: true, grid, channels: 4, height: 4, width: 5);
        foreach (var input in inputs) input.requires_grad_();
        var weights = randn([2, 6, 4, 5], ScalarType.Float64);
        Tensor Value() => (DeformableConvolution.Apply(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], grid) * weights).sum();
        Backward.Run(Value());
        foreach (var input in inputs) Assert.True(OperatorCases.Gap(input.grad!, OperatorCases.Differences(input, Value)) < 1e-6);
    }

    [Fact]
    public void Only_what_is_learned_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        for (var learned = 0; learned < 5; learned++)
        {
            var inputs = Inputs(ScalarType.Float32, 1, 1, masked: true, Grid(1, 1, 1), channels: 6);
            inputs[learned].requires_grad_();
            Backward.Run(DeformableConvolution.Apply(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], Grid(1, 1, 1)).sum());
            for (var i = 0; i < 5; i++) Assert.Equal(i == learned, inputs[i].grad is not null);
        }
    }

    [Fact]
    public void No_images_give_no_maps()
    {
        using var scope = NewDisposeScope();
        var weight = randn(4, 2, 3, 3).requires_grad_();
        var output = DeformableConvolution.Apply(zeros(0, 2, 6, 6), zeros(0, 18, 4, 4), weight);
        Assert.Equal([0, 4, 4, 4], output.shape);
        Backward.Run(output.sum());
        Assert.Equal(0, weight.grad!.abs().sum().item<float>());
    }

    [Fact]
    public void The_module_has_torchvisions_state_and_moves_to_double()
    {
        using var scope = NewDisposeScope();
        var options = new DeformableConvolutionOptions { Stride = 2 };
        using var module = options.Build(8, 12);
        Assert.Equal(["bias", "weight"], module.state_dict().Keys.Order());
        Assert.Equal([12, 8, 3, 3], module.Weight.shape);
        Assert.True(module.Weight.abs().max().item<float>() <= 1 / MathF.Sqrt(72));
        Assert.Equal([1, 12, 4, 4], module.Forward(randn(1, 8, 8, 8), zeros(1, 18, 4, 4)).shape);
        module.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, module.Forward(randn([1, 8, 8, 8], ScalarType.Float64), zeros([1, 18, 4, 4], ScalarType.Float64)).dtype);
        using var plain = (options with { Bias = false }).Build(8, 12);
        Assert.Null(plain.Bias);
        Assert.Equal("weight", Assert.Single(plain.state_dict().Keys));
    }

    [Fact]
    public void The_module_outlives_the_scope_it_was_built_in()
    {
        DeformableConvolution module;
        using (NewDisposeScope()) module = new DeformableConvolutionOptions().Build(2, 2);
        using var scope = NewDisposeScope();
        Assert.Equal([1, 2, 4, 4], module.Forward(randn(1, 2, 4, 4), zeros(1, 18, 4, 4)).shape);
        module.Dispose();
    }

    [Fact]
    public void Half_precision_is_computed_in_single()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(ScalarType.Float32, 1, 1, masked: true, Grid(1, 1, 1), channels: 6);
        Tensor[] halves = [.. inputs.Select(input => input.to(ScalarType.BFloat16))];
        var output = DeformableConvolution.Apply(halves[0], halves[1], halves[2], halves[3], halves[4], Grid(1, 1, 1));
        Assert.Equal(ScalarType.BFloat16, output.dtype);
    }

    [Fact]
    public void The_bits_do_not_depend_on_how_samples_are_shared_among_threads()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var (inputs, threads) = (Inputs(ScalarType.Float32, 1, 1, masked: true, Grid(1, 1, 1), channels: 200), get_num_threads());
        try
        {
            set_num_threads(2);
            Tensor Convolve(Tensor[] tensors) => DeformableConvolution.Apply(tensors[0], tensors[1], tensors[2], tensors[3], tensors[4], Grid(1, 1, 1));
            var results = Enumerable.Range(0, 4).Select(_ => Run(inputs, Convolve)).ToArray();
            foreach (var result in results.Skip(1))
            {
                foreach (var (a, b) in result.Zip(results[0])) Assert.True(a.eq(b).all().item<bool>());
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (zeros(1, 4, 5, 5), zeros(2, 4, 3, 3));
        Says("offset has shape [1, 18, 4, 4]; it must be [1, 18, 3, 3]", () => DeformableConvolution.Apply(input, zeros(1, 18, 4, 4), weight));
        Says("17 channels of offsets are no multiple of 18", () => DeformableConvolution.Apply(input, zeros(1, 17, 3, 3), weight));
        var offset = zeros(1, 18, 3, 3);
        Says("mask has shape [1, 18, 3, 3]; it must be [1, 9, 3, 3]", () => DeformableConvolution.Apply(input, offset, weight, mask: offset));
        Says("4 channels of the input are no multiple of 3 of the weight", () => DeformableConvolution.Apply(input, zeros(1, 18, 3, 3), zeros(2, 3, 3, 3)));
        Says("a 7x7 kernel does not fit into a 5x5 map", () => DeformableConvolution.Apply(input, zeros(1, 98, 1, 1), zeros(2, 4, 7, 7)));
        Says("offset is Float64", () => DeformableConvolution.Apply(input, zeros([1, 18, 3, 3], ScalarType.Float64), weight));
        Says("4 channels and 3 filters cannot be shared by 2 groups", () => new DeformableConvolutionOptions { Groups = 2 }.Build(4, 3));
        Says("DeformableConvolutionOptions.Stride is 0; it must be at least 1.", () => new DeformableConvolutionOptions { Stride = 0 });
    }

    private static DeformableGrid Grid(int stride, int padding, int dilation)
        => new() { Stride = (stride, stride), Padding = (padding, padding), Dilation = (dilation, dilation) };

    private static Tensor? Mask(Tensor[] tensors) => tensors.Length > 4 ? tensors[4] : null;

    /// <summary>Input, offset, weight, bias and mask of an odd-sized map; some offsets lead far outside.</summary>
    private static Tensor[] Inputs(
        ScalarType type,
        int groups,
        int offsetGroups,
        bool masked,
        DeformableGrid grid,
        int channels,
        int height = 11,
        int width = 8)
    {
        long Steps(int size, int padding, int stride, int dilation) => ((size + (2 * padding) - (2 * dilation) - 1) / stride) + 1;
        var (rows, columns) = (Steps(height, grid.Padding.Y, grid.Stride.Y, grid.Dilation.Y), Steps(width, grid.Padding.X, grid.Stride.X, grid.Dilation.X));
        List<Tensor> inputs =
        [
            randn([2, channels, height, width], type),
            randn([2, 18 * offsetGroups, rows, columns], type) * 3,
            randn([6, channels / groups, 3, 3], type) / 8,
            randn([6], type),
        ];
        if (masked) inputs.Add(rand([2, 9 * offsetGroups, rows, columns], type));
        return [.. inputs];
    }

    /// <summary>The value and the gradient of each input.</summary>
    private static List<Tensor> Run(Tensor[] inputs, Func<Tensor[], Tensor> action)
    {
        Tensor[] learned = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
        var value = action(learned);
        Backward.Run((value * value.detach()).sum());
        return [value.detach(), .. learned.Select(input => input.grad!)];
    }

    private static void Says(string sentence, Func<object> action) => Assert.Contains(sentence, Assert.Throws<InputException>(action).Message);
}
