using static TorchSharp.torch;

namespace Ballast.Training;

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
