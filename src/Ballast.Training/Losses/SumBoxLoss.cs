using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>One loss of a <see cref="SumBoxLoss"/>.</summary>
public sealed record WeightedBoxLoss
{
    private readonly float _weight = 1;

    /// <summary>The loss.</summary>
    public required BoxLoss Loss { get; init; }

    /// <summary>Its weight.</summary>
    public float Weight { get => _weight; init => _weight = Requires.NonNegative<WeightedBoxLoss>(value); }

    /// <summary>A factor of the weight that changes with time or with IoU; absent for 1.</summary>
    public WeightSchedule? Schedule { get; init; }
}

/// <summary>
/// Several losses under weights, to unite their benefits, which the article (Oksuz et al. 2020, arXiv:1909.00169, section 7.3) leaves open: sum over i of w_i
/// f_i L_i, with f_i a schedule over the training (say, L1 first and IoU later) or over the IoU of each prediction (say, GIoU for boxes that hardly overlap
/// and alpha-IoU for those that do). Losses that need outputs or a memory of their own keep them.
/// </summary>
public sealed record SumBoxLoss : BoxLoss
{
    private readonly Values<WeightedBoxLoss> _parts = [];

    /// <summary>The losses, at least one.</summary>
    public required Values<WeightedBoxLoss> Parts
    {
        get => _parts;
        init => _parts = value.Count > 0 ? value : throw new InputException("SumBoxLoss.Parts is empty; at least one loss is needed.");
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override int ExtraOutputs => Parts.Sum(part => part.Loss.ExtraOutputs);

    /// <inheritdoc/>
    /// <exception cref="InputException">Some of the losses are divided by objects and some by their elements.</exception>
    [JsonIgnore]
    public override LossScale Scale
        => Parts.All(part => part.Loss.Scale == Parts[0].Loss.Scale) ? Parts[0].Loss.Scale
            : throw new InputException("SumBoxLoss.Parts mixes losses that are divided by the number of objects with GHM-R, which is divided by that of its deltas; "
                + "sum one kind only.");

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsBatchCoupled => Parts.Any(part => part.Loss.IsBatchCoupled);

    /// <inheritdoc/>
    [JsonIgnore]
    public override int? LogVariances
    {
        get
        {
            var offset = 0;
            foreach (var part in Parts)
            {
                if (part.Loss.LogVariances is { } inner) return offset + inner;
                offset += part.Loss.ExtraOutputs;
            }

            return null;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool NonNegative => Parts.All(part => part.Loss.NonNegative);

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool ZeroAtTarget => Parts.All(part => part.Loss.ZeroAtTarget);

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool OnCorners => Parts.Any(part => part.Loss.OnCorners || part.Schedule is { Over: ScheduleAxis.IoU });

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool OnDeltas => Parts.Any(part => part.Loss.OnDeltas);

    /// <summary>The progress of the training, where a schedule needs it, and the states of the losses by their place; null when nothing.</summary>
    public override nn.Module? State()
    {
        foreach (var part in Parts) part.Schedule?.Validate();
        var states = Parts.Select(part => part.Loss.State()).ToArray();
        var progress = Parts.Any(part => part.Schedule is { Over: ScheduleAxis.Time }) ? new TrainingProgress() : null;
        return progress is null && states.All(state => state is null) ? null : new SumState(progress, states);
    }

    /// <summary>[N]: losses of single coordinates are summed over them.</summary>
    /// <param name="boxes">N pairs.</param>
    /// <param name="state">What <see cref="State"/> built.</param>
    public override Tensor Compute(BoxPairs boxes, nn.Module? state = null)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        var own = state as SumState;
        if (own is null && State() is not null) own = Own<SumState>(state);
        Tensor? sum = null;
        for (var (i, offset) = (0, 0); i < Parts.Count; offset += Parts[i++].Loss.ExtraOutputs)
        {
            var part = Parts[i];
            var pairs = part.Loss.ExtraOutputs > 0 ? boxes.WithExtra(boxes.Extra.narrow(1, offset, part.Loss.ExtraOutputs)) : boxes;
            var loss = part.Weight * Rows(part.Loss.Compute(pairs, own?.Inner[i]));
            if (part.Schedule is { } schedule) loss = loss * Factor(schedule, boxes, own, loss);
            sum = sum is null ? loss : sum + loss;
        }

        return sum!;
    }

    private static Tensor Rows(Tensor loss) => loss.dim() > 1 ? loss.sum(-1) : loss;

    private static Tensor Factor(WeightSchedule schedule, BoxPairs boxes, SumState? state, Tensor like)
    {
        schedule.Validate();
        if (schedule.Over == ScheduleAxis.Time) return schedule.Of(state!.Progress!.Fraction).to_type(like.dtype);
        using var frozen = no_grad();
        return schedule.Of(new PairedBoxes(boxes.Corners, boxes.TargetCorners, OverlapRule.Clamped).IoUPlus(1e-7f));
    }

    private sealed class SumState : nn.Module
    {
        public SumState(TrainingProgress? progress, nn.Module?[] inner)
            : base(nameof(SumBoxLoss))
        {
            Inner = inner;
            if (progress is not null) register_module("progress", progress);
            for (var i = 0; i < inner.Length; i++)
            {
                if (inner[i] is { } state) register_module($"part{i}", state);
            }
        }

        // Fields that hold modules would be registered a second time, under the field's name, when the detector registers this module.
        public TrainingProgress? Progress => children().OfType<TrainingProgress>().FirstOrDefault();

        public nn.Module?[] Inner { get; }
    }
}
