using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Adapts features to the anchors' shapes (Wang et al. 2019, arXiv:1901.03278, section 3.4): a 3x3 deformable convolution with ReLU, whose offsets are predicted from
/// the shapes alone, which learn nothing from it.
/// </summary>
internal sealed class FeatureAdaption : NamedModule
{
    private const int Points = 9;
    private readonly Conv2d _offsets;
    private readonly DeformableConvolution _convolution;

    /// <summary>Makes the module.</summary>
    /// <param name="channels">Of the map.</param>
    /// <param name="groups">Groups of channels with offsets of their own.</param>
    public FeatureAdaption(int channels, int groups)
        : base(nameof(FeatureAdaption))
    {
        if (channels % groups != 0)
            throw new InputException($"GuidedAnchoringOptions.DeformableGroups is {groups}, and the neck's maps have {channels} channels, which {groups} groups cannot share; take a divisor.");
        _offsets = nn.Conv2d(2, groups * 2 * Points, 1, bias: false);
        _convolution = new DeformableConvolutionOptions { Bias = false }.Build(channels, channels);
        nn.init.normal_(_offsets.weight, 0, 0.1);
        nn.init.normal_(_convolution.Weight, 0, 0.01);
        register_module("offset", _offsets);
        register_module("convolution", _convolution);
    }

    /// <summary>The adapted map.</summary>
    /// <param name="map">[N, channels, H, W].</param>
    /// <param name="shapes">[N, 2, H, W].</param>
    public Tensor Forward(Tensor map, Tensor shapes) => _convolution.Forward(map, _offsets.forward(shapes.detach())).relu();
}
