namespace Ballast.Training;

/// <summary>
/// VGG16 as SSD changes it (Liu et al. 2016, arXiv:1512.02325, section 3): conv4_3 under a learned L2 norm, the fully connected layers fc6 and fc7 as convolutions, fc6 with
/// holes of 6, and four maps more, the last two without padding. Gives all six maps of an input of 300 pixels (38, 19, 10, 5, 3 and 1 cells), so
/// <see cref="DetectorProfile.Ssd"/> fits and nothing else does. Weights go by the names of torchvision's <c>ssd300_vgg16</c> (<c>features.0.weight</c>,
/// <c>scale_weight</c>, <c>extra.0.7.1.weight</c>).
/// </summary>
public sealed record VggOptions : BackboneOptions
{
    private readonly int _frozen;

    /// <summary>Stages that are not trained, from the first convolutions on: 0 none to 5 all of VGG16's own. torchvision freezes 1 with pretrained weights.</summary>
    public int FrozenStages
    {
        get => _frozen;
        init => _frozen = value is >= 0 and <= 5 ? value : throw new InputException($"VggOptions.FrozenStages is {value}; it must be 0 to 5.");
    }

    /// <inheritdoc/>
    internal override int StagesFrozen => FrozenStages;

    /// <summary>What VGG16's weights expect of pixels: bytes of the scale 0..255 less their means.</summary>
    public static PixelNormalization Pixels { get; } = new() { Means = [0.48235f, 0.45882f, 0.40784f], Deviations = [1 / 255f, 1 / 255f, 1 / 255f] };

    /// <summary>Strides of its maps, finest first: the two last are those of three and one cells.</summary>
    internal static int[] Strides => [8, 16, 32, 64, 100, 300];

    /// <inheritdoc/>
    public override BackboneOptions From(int level)
        => level == 3 ? this : throw new InputException($"SSD's VGG16 has maps from stride 8 on; the finest anchors lie {1 << level} pixels apart. Take DetectorProfile.Ssd, or another backbone.");

    /// <inheritdoc/>
    public override Backbone Build() => new Vgg(this);
}
