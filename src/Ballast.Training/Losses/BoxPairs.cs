using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// N predicted boxes beside their truths, in the two forms losses are made for: deltas as the box coder encodes them, and corners (x1, y1, x2, y2) in pixels.
/// Corners are decoded, with gradient, when the first loss asks for them.
/// </summary>
public sealed class BoxPairs
{
    private readonly (Tensor Predicted, Tensor Target)? _deltas;
    private readonly Lazy<(Tensor Predicted, Tensor Target)>? _corners;
    private readonly Tensor? _extra;

    /// <summary>Makes pairs that have both forms.</summary>
    /// <param name="deltas">[N, 4], predicted.</param>
    /// <param name="targetDeltas">[N, 4].</param>
    /// <param name="corners">Gives the predicted and the target corners, [N, 4] each; called at most once.</param>
    /// <param name="extra">[N, <see cref="BoxLoss.ExtraOutputs"/>]: what the head predicts beside the deltas.</param>
    /// <exception cref="InputException">Shapes differ, or are not [N, 4].</exception>
    public BoxPairs(Tensor deltas, Tensor targetDeltas, Func<(Tensor Predicted, Tensor Target)> corners, Tensor? extra = null)
        : this(Checked(deltas, targetDeltas, "deltas"), new(() => Checked(corners)), extra)
    {
    }

    private BoxPairs((Tensor Predicted, Tensor Target)? deltas, Lazy<(Tensor Predicted, Tensor Target)>? corners, Tensor? extra)
    {
        _deltas = deltas;
        _corners = corners;
        _extra = extra;
        if (extra is not null) Checks.IsFinite(nameof(BoxPairs), "outputs beside the deltas", extra);
    }

    /// <summary>[N, 4]: predicted deltas.</summary>
    public Tensor Deltas => DeltaPair.Predicted;

    /// <summary>[N, 4]: the deltas that would give the truths.</summary>
    public Tensor TargetDeltas => DeltaPair.Target;

    /// <summary>[N, 4]: predicted corners, pixels.</summary>
    public Tensor Corners => CornerPair.Predicted;

    /// <summary>[N, 4]: corners of the truths.</summary>
    public Tensor TargetCorners => CornerPair.Target;

    /// <summary>[N, <see cref="BoxLoss.ExtraOutputs"/>]: what the head predicts beside the deltas.</summary>
    public Tensor Extra => _extra
        ?? throw new InvalidOperationException("These pairs have no outputs beside the deltas; the head must predict BoxLoss.ExtraOutputs of them.");

    private (Tensor Predicted, Tensor Target) DeltaPair => _deltas
        ?? throw new InvalidOperationException("These pairs have corners only; this loss acts on deltas.");

    private (Tensor Predicted, Tensor Target) CornerPair => _corners?.Value
        ?? throw new InvalidOperationException("These pairs have deltas only; this loss acts on corners.");

    /// <summary>Pairs that have deltas only.</summary>
    public static BoxPairs OfDeltas(Tensor deltas, Tensor targetDeltas, Tensor? extra = null) => new(Checked(deltas, targetDeltas, "deltas"), null, extra);

    /// <summary>Pairs that have corners only.</summary>
    public static BoxPairs OfCorners(Tensor corners, Tensor targetCorners)
    {
        var pair = Checked(corners, targetCorners, "corners");
        return new((ValueTuple<Tensor, Tensor>?)null, new(() => pair), null);
    }

    /// <summary>The same pairs with other outputs beside the deltas; corners are not decoded twice.</summary>
    internal BoxPairs WithExtra(Tensor extra) => new(_deltas, _corners, extra);

    private static (Tensor Predicted, Tensor Target) Checked(Func<(Tensor Predicted, Tensor Target)> corners)
    {
        var (predicted, target) = corners();
        return Checked(predicted, target, "corners");
    }

    private static (Tensor Predicted, Tensor Target) Checked(Tensor predicted, Tensor target, string form)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(target);
        Checks.SameShape(nameof(BoxPairs), $"predicted {form}", predicted, $"target {form}", target);
        if (predicted.dim() != 2 || predicted.shape[1] != 4)
            throw new InputException($"BoxPairs: {form} have shape {Checks.Shape(predicted)}; it must be [N, 4].");
        Checks.IsFinite(nameof(BoxPairs), $"predicted {form}", predicted);
        Checks.IsFinite(nameof(BoxPairs), $"target {form}", target);
        return (predicted, target);
    }
}
