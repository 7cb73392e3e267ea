using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Guided loss (Chen et al. 2019, arXiv:1909.04868, eq. 4): r L_cls + L_box with r = L_box / L_cls held fixed in the gradient, in each stage. The regression,
/// which only looks at objects, sets the scale of the classification, which looks at a huge background: a constant factor of L_cls changes nothing.
/// </summary>
public sealed record GuidedLossOptions : ObjectiveOptions
{
    private readonly float _scale = 1;
    private readonly float _least;

    /// <summary>Times r: 1 for RetinaNet in the release, 2 for heads of R-CNN.</summary>
    public float ClassificationScale { get => _scale; init => _scale = Requires.Positive<GuidedLossOptions>(value); }

    /// <summary>The least r: a step whose box loss is 0 (no objects) otherwise teaches no classification at all, as in the release.</summary>
    public float LeastRatio { get => _least; init => _least = Requires.NonNegative<GuidedLossOptions>(value); }

    /// <inheritdoc/>
    public override Objective Build(int stages) => new Guided(this);

    private sealed class Guided(GuidedLossOptions options) : Objective(nameof(Guided))
    {
        private const double LeastClassification = 1e-12;

        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
        {
            if (classification is null || box is null) return default;
            var ratio = box.detach() / classification.detach().clamp(min: LeastClassification);
            return (options.ClassificationScale * ratio.clamp(min: options.LeastRatio), null);
        }
    }
}
