using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A loss that ranks all (candidate, class) pairs of a batch against each other, so that background cannot outweigh objects by number. Its gradient is given,
/// not derived: the elements sum to the value, and their gradient is the given one. It runs on the CPU.
/// </summary>
public abstract record RankingLoss : ClassificationLoss
{
    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool IsBatchCoupled => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override LossScale Scale => LossScale.Whole;

    /// <summary>Value of the loss, and its gradient by the logits.</summary>
    /// <param name="logits">All pairs, row by row.</param>
    /// <param name="targets">Above 0 for objects (the quality where it is known), 0 for background, -1 for left out.</param>
    /// <param name="gradient">Receives the gradient.</param>
    private protected abstract float Rank(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient);

    /// <summary>[N, K], of sum value.</summary>
    protected sealed override Tensor Elements(Tensor logits, ClassTargets targets, nn.Module? state)
    {
        if (logits.numel() == 0) return logits * 0;
        var (given, value, counted) = Given(logits.detach(), targets);
        return (value / Math.Max(counted, 1)) + (given * (logits - logits.detach()));
    }

    /// <summary>All pairs as single precision on the CPU: the logits' own memory where they are that already.</summary>
    private protected static (Tensor Logits, Tensor Targets) Pairs(Tensor logits, ClassTargets targets)
    {
        static Tensor Host(Tensor values) => values.to(ScalarType.Float32).cpu().contiguous();
        return (Host(logits), Host(where(targets.Counted(logits), targets.Matrix(logits, targets.Classes, scored: true), -1)));
    }

    /// <summary>The numbers of such a tensor, which the caller keeps alive.</summary>
    private protected static unsafe Span<float> Numbers(Tensor values) => new(CpuTensors.Pointer<float>(values), checked((int)values.numel()));

    private (Tensor Gradient, float Value, long Counted) Given(Tensor logits, ClassTargets targets)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (scores, qualities) = Pairs(logits, targets);
        var gradient = empty_like(scores);
        var value = Rank(Numbers(scores), Numbers(qualities), Numbers(gradient));
        GC.KeepAlive(scores);
        GC.KeepAlive(qualities);
        return (gradient.to(logits.dtype, logits.device).MoveToOuterDisposeScope(), value, targets.Counted(logits).sum().item<long>());
    }
}

/// <summary>
/// AP loss (Chen et al. 2019, arXiv:1904.06373): 1 - average precision of the pairs, where "scores higher" is the piecewise linear step x_ij = clamp((s_j -
/// s_i) / (2 delta) + 1/2, 0, 1).
/// </summary>
public sealed record AveragePrecisionLoss : RankingLoss
{
    private readonly float _delta = 1;

    /// <summary>Half the width of the step, in logits.</summary>
    public float Delta { get => _delta; init => _delta = Requires.Positive<AveragePrecisionLoss>(value); }

    private protected override float Rank(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        using var ranking = new Ranking(logits, targets, Delta);
        return ranking.AveragePrecision(gradient);
    }
}

/// <summary>
/// The classification part of aLRP loss (Oksuz et al. 2020, arXiv:2009.13592): 1 - mean precision at the objects, whose gradient also holds the localisation
/// errors E = min(1, (1 - IoU) / (1 - <see cref="LeastIoU"/>)) of the objects that rank higher. Needs the IoU of each object as score.
/// </summary>
public sealed record AverageLrpLoss : RankingLoss
{
    private const float NoBackground = 1e-5f;
    private readonly float _delta = 1;
    private readonly float _least = 0.5f;

    /// <summary>Half the width of the step, in logits.</summary>
    public float Delta { get => _delta; init => _delta = Requires.Positive<AverageLrpLoss>(value); }

    /// <summary>The paper's tau: the IoU where the localisation error is 1, in [0, 1).</summary>
    public float LeastIoU { get => _least; init => _least = Requires.Momentum<AverageLrpLoss>(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool LearnsQuality => true;

    private protected override float Rank(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        using var ranking = new Ranking(logits, targets, Delta);
        var errors = ranking.Values;
        for (var i = 0; i < errors.Length; i++) errors[i] = MathF.Min((1 - targets[ranking.Objects[i]]) / (1 - LeastIoU), 1);
        return ranking.AverageLrp(errors, NoBackground, gradient, ranking.Ranks);
    }

    /// <summary>
    /// Weights of the box part (eq. 8): with them, and 1 as normaliser, the box losses E_i sum to the mean over objects i of (sum of E of those that
    /// score no lower) / rank_i. E is (1 - GIoU) / 2 / (1 - <see cref="LeastIoU"/>) in the release, so <see cref="GIoUBoxLoss"/> for the default.
    /// </summary>
    /// <param name="logits">[N, K].</param>
    /// <param name="targets">N candidates.</param>
    /// <returns>[P]: one for each object, in the order of the candidates, without gradient.</returns>
    public Tensor BoxWeights(Tensor logits, ClassTargets targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (scores, qualities) = Pairs(logits.detach(), targets);
        using var ranking = new Ranking(Numbers(scores), Numbers(qualities), Delta);
        var weights = empty([ranking.Objects.Length], ScalarType.Float32);
        ranking.Values.Clear();
        ranking.AverageLrp(ranking.Values, NoBackground, Numbers(empty_like(scores)), ranking.Ranks);
        ranking.BoxWeights(ranking.Ranks, Numbers(weights));
        GC.KeepAlive(qualities);
        return weights.to(logits.dtype, logits.device).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Rank and Sort loss (Oksuz et al. 2021, arXiv:2107.11669): ranks objects above background, and objects among themselves by the quality (IoU) of their boxes.
/// The value is the ranking error plus the sorting error. Needs the IoU of each object as score.
/// </summary>
public sealed record RankSortLoss : RankingLoss
{
    private const float Nothing = 1e-10f;
    private readonly float _delta = 0.5f;

    /// <summary>Half the width of the step, in logits.</summary>
    public float Delta { get => _delta; init => _delta = Requires.Positive<RankSortLoss>(value); }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool LearnsQuality => true;

    private protected override float Rank(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> gradient)
    {
        using var ranking = new Ranking(logits, targets, Delta);
        var qualities = ranking.Values;
        for (var i = 0; i < qualities.Length; i++) qualities[i] = targets[ranking.Objects[i]];
        var (ranked, sorted) = ranking.RankSort(qualities, Nothing, gradient);
        return ranked + sorted;
    }
}
