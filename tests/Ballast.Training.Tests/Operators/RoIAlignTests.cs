using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class RoIAlignTests
{
    private static readonly double[] Scales = [0.25, 0.125, 0.0625];

    public static TheoryData<int, bool, int> Variants
        => new(from sampling in (int[])[0, 1, 2, 3]
               from aligned in (bool[])[false, true]
               from channels in (int[])[1, 5, 70]
               select (sampling, aligned, channels));

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_kernel_equals_the_composition_in_values_and_gradients(int sampling, bool aligned, int channels)
    {
        using var scope = NewDisposeScope();
        manual_seed(sampling + (10 * channels));
        var align = new RoIAlign { OutputHeight = 3, OutputWidth = 5, SamplingRatio = sampling, Aligned = aligned };
        foreach (var type in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            Tensor[] maps = [randn([2, channels, 17, 23], type), randn([2, channels, 9, 12], type), randn([2, channels, 5, 1], type)];
            var rois = OperatorCases.Regions(40, 2, 80, type);
            var levels = (arange(40) % 3).to(ScalarType.Int64);
            var weights = randn([40, channels, 3, 5], type);
            var (kernel, kernelGradients) = Run(maps, inputs => align.Apply(inputs, rois, Scales, levels), weights);
            var (composed, composedGradients) = Run(maps, inputs => align.Compose(inputs, rois, Scales, levels), weights);
            var tolerance = type == ScalarType.Float32 ? 1e-5 : 1e-12;
            Assert.True(OperatorCases.Gap(kernel, composed) < tolerance);
            foreach (var (a, b) in kernelGradients.Zip(composedGradients)) Assert.True(OperatorCases.Gap(a, b) < tolerance);
        }
    }

    [Fact]
    public void A_constant_map_gives_its_constant_inside_the_image()
    {
        using var scope = NewDisposeScope();
        var rois = tensor(new[] { 0f, 3, 5, 40, 37, 0, 10.3f, 1.7f, 12.1f, 59.2f, 0, 0, 0, 64, 64 }, [3, 5]);
        foreach (var sampling in (int[])[0, 1, 2])
        {
            var bins = new RoIAlign { SamplingRatio = sampling }.Apply(full([1, 3, 16, 16], 2.5f), rois, 0.25);
            Assert.True((bins - 2.5).abs().max().item<float>() < 1e-5);
        }
    }

    [Fact]
    public void A_map_that_grows_along_one_axis_gives_the_centres_of_bins()
    {
        using var scope = NewDisposeScope();
        var map = arange(20, ScalarType.Float64).view(1, 1, 1, 20).expand(1, 1, 20, 20);
        var bins = new RoIAlign { OutputHeight = 2, OutputWidth = 4, Aligned = true }.Apply(map, tensor(new[] { 0.0, 4, 4, 12, 12 }, [1, 5]), 1);
        double[] centres = [4.5, 6.5, 8.5, 10.5];
        Assert.Equal(centres.Concat(centres), bins.data<double>().ToArray().Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void The_gradient_equals_finite_differences_and_boxes_get_none()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var map = randn([2, 2, 6, 7], ScalarType.Float64, requires_grad: true);
        var rois = OperatorCases.Regions(6, 2, 28, ScalarType.Float64).requires_grad_();
        var weights = randn([6, 2, 7, 7], ScalarType.Float64);
        Tensor Value() => (new RoIAlign { SamplingRatio = 0 }.Apply(map, rois, 0.25) * weights).sum();
        Backward.Run(Value());
        Assert.True(OperatorCases.Gap(map.grad!, OperatorCases.Differences(map, Value)) < 1e-7);
        Assert.Null(rois.grad);
    }

    [Fact]
    public void No_regions_give_no_rows_that_still_have_a_gradient()
    {
        using var scope = NewDisposeScope();
        foreach (var composed in (bool[])[false, true])
        {
            var map = randn([1, 3, 8, 8], requires_grad: true);
            var (align, rois) = (new RoIAlign { SamplingRatio = 0 }, zeros(0, 5));
            var bins = composed ? align.Compose([map], rois, [0.25], null) : align.Apply(map, rois, 0.25);
            Assert.Equal([0, 3, 7, 7], bins.shape);
            Backward.Run(bins.sum());
            Assert.Equal(0, map.grad!.abs().sum().item<float>());
        }
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        Tensor[] maps = [randn(2, 200, 31, 29)];
        var (rois, weights, threads) = (OperatorCases.Regions(64, 2, 120, ScalarType.Float32), randn(64, 200, 7, 7), get_num_threads());
        try
        {
            var results = ((int[])[1, 2, 5]).Select(count =>
            {
                set_num_threads(count);
                return Run(maps, inputs => new RoIAlign().Apply(inputs, rois, [0.25], null), weights);
            }).ToArray();
            foreach (var (value, gradients) in results)
            {
                Assert.True(value.eq(results[0].Value).all().item<bool>());
                Assert.True(gradients[0].eq(results[0].Gradients[0]).all().item<bool>());
            }
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void Half_precision_is_computed_in_single(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var map = randn([1, 4, 9, 9]).to(type).requires_grad_();
        var rois = OperatorCases.Regions(5, 1, 30, ScalarType.Float32);
        var bins = new RoIAlign().Apply(map, rois, 0.25);
        Assert.Equal(type, bins.dtype);
        Assert.True(OperatorCases.Gap(bins.to(ScalarType.Float32), new RoIAlign().Apply(map.to(ScalarType.Float32), rois, 0.25)) < 0.01);
        Backward.Run(bins.sum());
        Assert.Equal(type, map.grad!.dtype);
    }

    [Fact]
    public void Neither_order_of_memory_changes_the_result_and_the_bins_are_channels_last()
    {
        using var scope = NewDisposeScope();
        var map = randn(2, 6, 10, 11);
        var (last, rois) = (map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2), OperatorCases.Regions(9, 2, 40, ScalarType.Float32));
        var (a, b) = (new RoIAlign().Apply(map, rois, 0.25), new RoIAlign().Apply(last, rois, 0.25));
        Assert.True(a.eq(b).all().item<bool>());
        Assert.Equal(1, b.stride(1));
    }

    [Fact]
    public void What_cannot_be_is_said()
    {
        using var scope = NewDisposeScope();
        var (map, roi) = (zeros(1, 1, 4, 4), tensor(new[] { 0f, 0, 0, 4, 4 }, [1, 5]));
        Says("RoI 0 lies on image 3; the map has 1 images", () => new RoIAlign().Apply(map, tensor(new[] { 3f, 0, 0, 4, 4 }, [1, 5]), 1));
        Says("RoI 0 lies on image -1", () => new RoIAlign().Apply(map, tensor(new[] { -1f, 0, 0, 4, 4 }, [1, 5]), 1));
        Says("its numbers must be finite", () => new RoIAlign().Apply(map, tensor(new[] { 0f, 0, float.NaN, 4, 4 }, [1, 5]), 1));
        Says("Clip boxes to the image", () => new RoIAlign { SamplingRatio = 0 }.Apply(map, tensor(new[] { 0f, 0, 0, 1e9f, 4 }, [1, 5]), 1));
        Says("it must be [R, 5]", () => new RoIAlign().Apply(map, zeros(1, 4), 1));
        Says("it must be more than 0: 1 / stride", () => new RoIAlign().Apply(map, roi, 0));
        Says("need a level each", () => new RoIAlign().Apply([map, map], roi, [1, 0.5], null));
        Says("must have cells", () => new RoIAlign().Apply(zeros(1, 1, 0, 4), roi, 1));
        Says("RoI 0 is to be taken from map 2", () => new RoIAlign().Apply([map, map], roi, [1, 0.5], tensor(new long[] { 2 })));
        Says("RoIAlign.OutputHeight is 0; it must be at least 1.", () => new RoIAlign { OutputHeight = 0 });
        Says("RoIAlign.SamplingRatio is -1; it must be 0 or more.", () => new RoIAlign { SamplingRatio = -1 });
    }

    private static (Tensor Value, Tensor[] Gradients) Run(Tensor[] maps, Func<Tensor[], Tensor> action, Tensor weights)
    {
        Tensor[] inputs = [.. maps.Select(map => map.detach().clone().requires_grad_())];
        var value = action(inputs);
        Backward.Run((value * weights).sum());
        return (value.detach(), [.. inputs.Select(input => input.grad!)]);
    }

    private static void Says(string sentence, Func<object> action) => Assert.Contains(sentence, Assert.Throws<InputException>(action).Message);
}
