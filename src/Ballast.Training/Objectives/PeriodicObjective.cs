using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>An objective that weighs anew once a period, by the mean losses of the period that ended. Counts and sums are buffers; nothing waits for the device.</summary>
internal abstract class PeriodicObjective : Objective
{
    private readonly int? _period;

    /// <param name="name">The module's name.</param>
    /// <param name="stages">How many stages the detector has.</param>
    /// <param name="period">Steps of a period; null for the trainer's epochs.</param>
    protected PeriodicObjective(string name, int stages, int? period)
        : base(name)
    {
        if (stages < 1) throw new InputException($"{name}: there are {stages} stages; at least one is needed.");
        _period = period;
        register_buffer("weights", ones(stages, 2).DetachFromDisposeScope());
        register_buffer("sums", zeros(stages, 2).DetachFromDisposeScope());
        register_buffer("counts", zeros(stages, 2).DetachFromDisposeScope());
        register_buffer("steps", zeros([]).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public sealed override void EndEpoch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        if (_period is null) Renew(get_buffer("steps")! > 0);
    }

    /// <summary>The weights [stages, 2] for the next period.</summary>
    /// <param name="weights">Those of the period that ended.</param>
    /// <param name="means">[stages, 2]: mean losses of that period; 0 where there was none.</param>
    /// <param name="due">Whether the period has ended; when not, what is given back is not used and nothing may be remembered.</param>
    protected abstract Tensor Weigh(Tensor weights, Tensor means, Tensor due);

    /// <inheritdoc/>
    protected sealed override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
        => (Weight(stage, 0, classification), Weight(stage, 1, box));

    /// <inheritdoc/>
    protected sealed override void Learn(IReadOnlyList<StageLosses> values, IReadOnlyList<Tensor> shared)
    {
        using var frozen = no_grad();
        var (sums, steps) = (get_buffer("sums")!, get_buffer("steps")!);
        sums.add_(LossMatrix.Of(values, sums, value => value.detach()));
        get_buffer("counts")!.add_(LossMatrix.Present(values, sums).to_type(sums.dtype));
        steps.add_(1);
        if (_period is { } period) Renew(steps >= period);
    }

    private void Renew(Tensor due)
    {
        var (weights, sums, counts, steps) = (get_buffer("weights")!, get_buffer("sums")!, get_buffer("counts")!, get_buffer("steps")!);
        weights.copy_(where(due, Weigh(weights, sums / counts.clamp(min: 1), due), weights));
        foreach (var sum in (Tensor[])[sums, counts, steps]) sum.copy_(where(due, zeros_like(sum), sum));
    }

    private Tensor? Weight(int stage, int part, Tensor? loss) => LossMatrix.Weight(get_buffer("weights")!, stage, part, loss);
}
