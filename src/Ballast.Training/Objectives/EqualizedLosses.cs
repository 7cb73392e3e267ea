using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Equal losses (Oksuz et al. 2021, arXiv:2107.11669, section 4.3, for Rank &amp; Sort): L_cls + r L_box with r = L_cls / L_box held fixed in the gradient, in each
/// stage, so that both have the same value and no weight is left to tune. Where guided loss lets the box loss set the scale, here the classification does.
/// </summary>
public sealed record EqualizedOptions : ObjectiveOptions
{
    private readonly float _scale = 1;
    private readonly float _most = 1e4f;

    /// <summary>Times r.</summary>
    public float BoxScale { get => _scale; init => _scale = Requires.Positive<EqualizedOptions>(value); }

    /// <summary>The largest r: a box loss near 0 must not be blown up.</summary>
    public float MostRatio { get => _most; init => _most = Requires.Positive<EqualizedOptions>(value); }

    /// <inheritdoc/>
    public override Objective Build(int stages) => new Equalized(this);

    private sealed class Equalized(EqualizedOptions options) : Objective(nameof(Equalized))
    {
        private const double LeastBox = 1e-10;

        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
        {
            if (classification is null || box is null) return default;
            var ratio = classification.detach() / box.detach().clamp(min: LeastBox);
            return (null, options.BoxScale * ratio.clamp(max: options.MostRatio));
        }
    }
}
