using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Self-balancing (Oksuz et al. 2020, arXiv:2009.13592, section 4.2, for aLRP loss): L_cls + w L_box with w = (L_cls + L_box) / L_box of the means over the last
/// period (an epoch in the release), w = 50 until the first has ended. For each stage apart.
/// </summary>
public sealed record SelfBalancingOptions : ObjectiveOptions
{
    private readonly float _start = 50;
    private readonly int? _period;

    /// <summary>w in the first period.</summary>
    public float StartWeight { get => _start; init => _start = Requires.Positive<SelfBalancingOptions>(value); }

    /// <summary>Steps of a period; absent for the trainer's epochs.</summary>
    public int? PeriodSteps { get => _period; init => _period = value is { } steps ? Requires.AtLeastOne<SelfBalancingOptions>(steps) : null; }

    /// <inheritdoc/>
    public override Objective Build(int stages) => new Balancing(stages, this);

    private sealed class Balancing : PeriodicObjective
    {
        public Balancing(int stages, SelfBalancingOptions options)
            : base("SelfBalancing", stages, options.PeriodSteps)
            => get_buffer("weights")!.narrow(1, 1, 1).fill_(options.StartWeight);

        protected override Tensor Weigh(Tensor weights, Tensor means, Tensor due)
        {
            var box = means.narrow(1, 1, 1);
            var balanced = where(box > 0, means.sum([1], keepdim: true) / where(box > 0, box, 1), weights.narrow(1, 1, 1));
            return cat([weights.narrow(1, 0, 1), balanced], 1);
        }
    }
}
