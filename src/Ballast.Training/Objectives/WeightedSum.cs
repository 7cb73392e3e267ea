using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The baseline: classification and box losses under fixed weights, the same in every stage.</summary>
public sealed record WeightedSumOptions : ObjectiveOptions
{
    private readonly float _classification = 1;
    private readonly float _box = 1;

    /// <summary>Weight of classification losses.</summary>
    public float ClassificationWeight { get => _classification; init => _classification = Requires.NonNegative<WeightedSumOptions>(value); }

    /// <summary>Weight of box losses.</summary>
    public float BoxWeight { get => _box; init => _box = Requires.NonNegative<WeightedSumOptions>(value); }

    /// <inheritdoc/>
    public override Objective Build(int stages) => new WeightedSum(this);

    private sealed class WeightedSum(WeightedSumOptions options) : Objective(nameof(WeightedSum))
    {
        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
            => (Weight(classification, options.ClassificationWeight), Weight(box, options.BoxWeight));

        private static Tensor? Weight(Tensor? loss, float weight) => loss is null ? null : full_like(loss, weight);
    }
}

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

/// <summary>
/// Uncertainty weighting (Kendall, Gal and Cipolla 2018, arXiv:1705.07115, eq. 7): the sum over losses of c e^(-s) L + s / 2 with a learned s = ln sigma^2 for
/// each, c 1/2 for box losses and 1 for classification. It can be negative. Keep s out of weight decay.
/// </summary>
public sealed record UncertaintyWeightingOptions : ObjectiveOptions
{
    private readonly float _limit = 5;

    /// <summary>The largest |s|.</summary>
    public float Limit { get => _limit; init => _limit = Requires.Positive<UncertaintyWeightingOptions>(value); }

    /// <inheritdoc/>
    public override Objective Build(int stages)
        => stages >= 1 ? new Uncertainty(stages, this)
            : throw new InputException($"UncertaintyWeightingOptions.Build: there are {stages} stages; at least one is needed.");

    private sealed class Uncertainty : Objective
    {
        private readonly UncertaintyWeightingOptions _options;

        public Uncertainty(int stages, UncertaintyWeightingOptions options)
            : base(nameof(Uncertainty))
        {
            _options = options;
            register_parameter("log_variances", new TorchSharp.Modules.Parameter(zeros(stages, 2).DetachFromDisposeScope()));
        }

        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
            => ((-LogVariance(stage, 0)).exp(), 0.5 * (-LogVariance(stage, 1)).exp());

        protected override Tensor? Penalty(int stage, bool classification, bool box)
            => (classification, box) switch
            {
                (true, true) => 0.5 * (LogVariance(stage, 0) + LogVariance(stage, 1)),
                (true, false) => 0.5 * LogVariance(stage, 0),
                (false, true) => 0.5 * LogVariance(stage, 1),
                _ => null,
            };

        private Tensor LogVariance(int stage, int part) => get_parameter("log_variances")![stage, part].clamp(-_options.Limit, _options.Limit);
    }
}
