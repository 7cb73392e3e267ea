using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Dynamic weight average (Liu et al. 2019, arXiv:1803.10704, eq. 7): w_i = T softmax(r_i / temperature), r_i the mean loss of the last period by that of the
/// period before: losses that fall slowly weigh more. T is the number of losses. All weigh 1 for two periods. GradNorm's aim without any gradient.
/// </summary>
public sealed record DynamicWeightAverageOptions : ObjectiveOptions
{
    private readonly float _temperature = 2;
    private readonly int? _period;

    /// <summary>How evenly: large temperatures weigh all alike.</summary>
    public float Temperature { get => _temperature; init => _temperature = Requires.Positive<DynamicWeightAverageOptions>(value); }

    /// <summary>Steps of a period; absent for the trainer's epochs.</summary>
    public int? PeriodSteps { get => _period; init => _period = value is { } steps ? Requires.AtLeastOne<DynamicWeightAverageOptions>(steps) : null; }

    /// <inheritdoc/>
    public override Objective Build(int stages) => new Average(stages, this);

    private sealed class Average : PeriodicObjective
    {
        private readonly DynamicWeightAverageOptions _options;

        public Average(int stages, DynamicWeightAverageOptions options)
            : base(nameof(DynamicWeightAverageOptions)[..^"Options".Length], stages, options.PeriodSteps)
        {
            _options = options;
            register_buffer("before", zeros(stages, 2).DetachFromDisposeScope());
        }

        protected override Tensor Weigh(Tensor weights, Tensor means, Tensor due)
        {
            var before = get_buffer("before")!;
            var known = (means > 0).logical_and(before > 0);
            var shares = where(known, (means / where(known, before, 1) / _options.Temperature).exp(), 0);
            before.copy_(where(due, means, before));
            return where(known, shares / shares.sum().clamp(min: 1e-12) * known.sum(), 1);
        }
    }
}
