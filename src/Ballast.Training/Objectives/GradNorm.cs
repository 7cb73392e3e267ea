using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// GradNorm (Chen et al. 2018, arXiv:1711.02257, eq. 2 and algorithm 1): the weights w_i, which sum to the number T of losses, are learned so that each loss
/// sends a gradient of like length into what all share, more where a loss falls slowly. With n_i = |grad L_i| there, G_i = w_i n_i and r_i = (L_i / L_i(0)) /
/// mean of the same, they minimise the sum of |G_i - mean(G) r_i^alpha| with the right side held fixed. Since n_i does not depend on w, the gradient by w_i is
/// sign(G_i - mean(G) r_i^alpha) n_i: no gradient of a gradient is needed. Adam takes the step, then the weights are scaled back to sum T.
/// </summary>
public sealed record GradNormOptions : ObjectiveOptions
{
    private readonly float _alpha = 1.5f;
    private readonly float _rate = 0.025f;
    private readonly float _least = 0.01f;

    /// <summary>How strongly losses that fall slowly are favoured; 0 makes all gradients equally long, 0.12 is the paper's for losses of one kind.</summary>
    public float Alpha { get => _alpha; init => _alpha = Requires.NonNegative<GradNormOptions>(value); }

    /// <summary>Adam's rate for the weights.</summary>
    public float LearningRate { get => _rate; init => _rate = Requires.Positive<GradNormOptions>(value); }

    /// <summary>The least weight before scaling: a weight that crosses 0 would train a loss upwards.</summary>
    public float LeastWeight { get => _least; init => _least = Requires.Positive<GradNormOptions>(value); }

    /// <inheritdoc/>
    public override Objective Build(int stages)
        => stages >= 1 ? new GradNorm(stages, this) : throw new InputException($"GradNormOptions.Build: there are {stages} stages; at least one is needed.");

    private sealed class GradNorm : Objective
    {
        private const double Beta1 = 0.9;
        private const double Beta2 = 0.999;
        private const double Tiny = 1e-8;
        private const double LeastLoss = 1e-12;

        private readonly GradNormOptions _options;

        public GradNorm(int stages, GradNormOptions options)
            : base(nameof(GradNorm))
        {
            _options = options;
            register_buffer("weights", ones(stages, 2).DetachFromDisposeScope());
            foreach (var name in (string[])["first", "mean", "square"]) register_buffer(name, zeros(stages, 2).DetachFromDisposeScope());
            register_buffer("steps", zeros([]).DetachFromDisposeScope());
        }

        public override bool NeedsShared => true;

        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
            => (Weight(stage, 0, classification), Weight(stage, 1, box));

        protected override void Learn(IReadOnlyList<StageLosses> values, IReadOnlyList<Tensor> shared)
        {
            var weights = get_buffer("weights")!;
            var lengths = LossMatrix.Of(values, weights, value => Length(value, shared));
            using var frozen = no_grad();
            var (present, losses) = (LossMatrix.Present(values, weights), LossMatrix.Of(values, weights, value => value.detach()));
            var slope = where(present, (Aim(weights * lengths, Paces(losses, present), present)).sign() * lengths, 0);
            Step(weights, slope, present);
        }

        private static Tensor Length(Tensor loss, IReadOnlyList<Tensor> shared)
        {
            Tensor? sum = null;
            foreach (var gradient in Backward.Gradients(loss, shared))
            {
                var square = gradient.detach().to(ScalarType.Float32).pow(2).sum();
                sum = sum is null ? square : sum + square;
            }

            return sum!.sqrt();
        }

        /// <summary>L_i / L_i(0), by the mean of the same; the first value above 0 is L_i(0).</summary>
        private Tensor Paces(Tensor losses, Tensor present)
        {
            var first = get_buffer("first")!;
            first.copy_(where((first <= 0).logical_and(present), losses.clamp(min: 0), first));
            var pace = where(first > 0, losses.clamp(min: 0) / first.clamp(min: LeastLoss), 1);
            return pace / LossMatrix.Mean(pace, present).clamp(min: LeastLoss);
        }

        /// <summary>G_i - mean(G) r_i^alpha.</summary>
        private Tensor Aim(Tensor lengths, Tensor paces, Tensor present) => lengths - (LossMatrix.Mean(lengths, present) * paces.pow(_options.Alpha));

        private void Step(Tensor weights, Tensor slope, Tensor present)
        {
            var (mean, square, steps) = (get_buffer("mean")!, get_buffer("square")!, get_buffer("steps")!);
            steps.add_(1);
            mean.mul_(Beta1).add_(slope * (1 - Beta1));
            square.mul_(Beta2).add_(slope.pow(2) * (1 - Beta2));
            var (mean1, square1) = (mean / (1 - full_like(steps, Beta1).pow(steps)), square / (1 - full_like(steps, Beta2).pow(steps)));
            var moved = (weights - (_options.LearningRate * mean1 / (square1.sqrt() + Tiny))).clamp(min: _options.LeastWeight);
            weights.copy_(where(present, moved / LossMatrix.Mean(moved, present), weights));
        }

        private Tensor? Weight(int stage, int part, Tensor? loss) => LossMatrix.Weight(get_buffer("weights")!, stage, part, loss);
    }
}
