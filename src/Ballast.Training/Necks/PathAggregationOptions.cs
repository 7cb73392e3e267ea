using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// The bottom-up path of PANet (Liu et al. 2018, arXiv:1803.01534) after a feature pyramid: N_2 = P_2, N_l+1 = P_l+1 + down_l(N_l), each but the first then
/// through a 3x3 convolution. What fine maps know of places reaches the coarse ones in a few steps: the remedy for feature-level imbalance. The form is
/// mmdetection's PAFPN, whose path goes on before that last convolution. Beside FPN's names: <c>downsample_blocks.0.0.weight</c>,
/// <c>path_blocks.0.0.weight</c>.
/// </summary>
public sealed record PathAggregationOptions : PyramidOptions
{
    /// <summary>A ReLU after each convolution of the bottom-up path, as the paper has; mmdetection has none.</summary>
    public bool Rectified { get; init; }

    /// <inheritdoc/>
    /// <exception cref="InputException">An input's stride is not twice the one before.</exception>
    public override Neck Build(IReadOnlyList<FeatureLevel> inputs, int levels)
    {
        var outputs = PyramidLevels.Over(inputs, levels, Channels);
        for (var i = 1; i < inputs.Count; i++)
        {
            if (inputs[i].Stride != 2 * inputs[i - 1].Stride)
                throw new InputException($"PathAggregationOptions: {inputs[i].Name} has stride {inputs[i].Stride} after {inputs[i - 1].Stride}; the bottom-up path halves maps, so each "
                    + "stride must be twice the one before.");
        }

        return new PathAggregation(this, inputs, outputs);
    }

    private sealed class PathAggregation : FeaturePyramid
    {
        private readonly ModuleList<Sequential> _down = [];
        private readonly ModuleList<Sequential> _path = [];

        public PathAggregation(PathAggregationOptions options, IReadOnlyList<FeatureLevel> inputs, IReadOnlyList<FeatureLevel> outputs)
            : base(nameof(PathAggregation), options, inputs, outputs)
        {
            for (var i = 1; i < Math.Min(inputs.Count, outputs.Count); i++)
            {
                _down.Add(NeckConvolution.Block(options.Channels, options.Channels, kernel: 3, stride: 2, options.Rectified));
                _path.Add(NeckConvolution.Block(options.Channels, options.Channels, kernel: 3, rectified: options.Rectified));
            }

            register_module("downsample_blocks", _down);
            register_module("path_blocks", _path);
        }

        protected override IReadOnlyList<Tensor> Combine(IReadOnlyList<Tensor> sums)
        {
            var pyramid = base.Combine(sums);
            var maps = new List<Tensor> { pyramid[0] };
            var path = pyramid[0];
            for (var i = 1; i < pyramid.Count; i++)
            {
                path = Sum(pyramid[i], _down[i - 1].forward(path), Inputs[i]);
                maps.Add(_path[i - 1].forward(path));
            }

            return maps;
        }

        /// <summary>The sum of two maps of the same size; one cell against several would be spread silently.</summary>
        private static Tensor Sum(Tensor map, Tensor below, FeatureLevel level)
            => map.shape.AsSpan().SequenceEqual(below.shape)
                ? map + below
                : throw new InputException($"PathAggregation: the map of {level.Name} is {Checks.Shape(map)}, and the level below halves to {Checks.Shape(below)}; a level's sides must "
                    + "be half of those below, rounded up.");
    }
}
