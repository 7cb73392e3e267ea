using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// One loss of one stage, not yet reduced: elements, their weights and what their sum is divided by. Workers add sums and normalisers up before dividing, never
/// means.
/// </summary>
public sealed class LossTerm
{
    /// <summary>Makes a term whose normaliser is known on the host.</summary>
    /// <param name="elements">[N] or [N, any].</param>
    /// <param name="normalizer">What the sum is divided by, more than 0: positives, candidates ...</param>
    /// <param name="weights">[N], or the shape of the elements; null for 1.</param>
    public LossTerm(Tensor elements, double normalizer, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (!(normalizer > 0) || !double.IsFinite(normalizer))
            throw new InputException($"LossTerm.Normalizer is {normalizer}; it must be more than 0. Count at least 1 where there are no positives.");
        if (weights is not null && (weights.dim() > elements.dim() || !weights.shape.AsSpan().SequenceEqual(elements.shape.AsSpan(0, (int)weights.dim()))))
            throw new InputException($"LossTerm: elements have shape {Checks.Shape(elements)} and weights {Checks.Shape(weights)}; the weights must be one "
                + "for each row or each element.");
        Checks.IsFinite(nameof(LossTerm), "elements", elements);
        if (weights is not null) Checks.IsFinite(nameof(LossTerm), "weights", weights);
        (Elements, Normalizer, Weights) = (elements, normalizer, weights);
    }

    /// <summary>[N] or [N, any].</summary>
    public Tensor Elements { get; }

    /// <summary>[N], or the shape of the elements; null for 1.</summary>
    public Tensor? Weights { get; }

    /// <summary>What the sum is divided by.</summary>
    public double Normalizer { get; }

    /// <summary>The weighted sum of the elements, with its gradient; 0 with a gradient of 0 where there are none.</summary>
    public Tensor Sum()
    {
        if (Weights is null) return Elements.sum();
        var weights = Weights;
        while (weights.dim() < Elements.dim()) weights = weights.unsqueeze(-1);
        return (Elements * weights).sum();
    }

    /// <summary><see cref="Sum"/> / <see cref="Normalizer"/>.</summary>
    public Tensor Value() => Sum() / Normalizer;
}

/// <summary>The losses of one stage of a detector: the RPN, a cascade stage, a dense head.</summary>
/// <param name="Stage">Its name in logs.</param>
/// <param name="Classification">What is there, or where: null for a stage that only regresses.</param>
/// <param name="Box">How it lies: null for a stage that only classifies.</param>
public sealed record LossTerms(string Stage, LossTerm? Classification, LossTerm? Box)
{
    /// <summary>The same sums over other normalisers: those of the whole step, when this is a part of it.</summary>
    public LossTerms DividedBy(Divisors divisors) => this with { Classification = Over(Classification, divisors.Classification), Box = Over(Box, divisors.Box) };

    private static LossTerm? Over(LossTerm? term, double? divisor) => term is null || divisor is null ? term : new(term.Elements, divisor.Value, term.Weights);
}

/// <summary>What the two losses of a stage are divided by.</summary>
/// <param name="Classification">Null where the stage does not classify.</param>
/// <param name="Box">Null where it does not regress.</param>
public readonly record struct Divisors(double? Classification, double? Box);

/// <summary>A loss as it went into the total.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="IsBox">Whether it is the stage's box loss; else its classification loss.</param>
/// <param name="Value">Before weighing, without gradient: a number on the device.</param>
/// <param name="Weight">What it was multiplied by, without gradient.</param>
public sealed record LossPart(string Stage, bool IsBox, Tensor Value, Tensor Weight);

/// <summary>One number to take the gradient of, and what it is made of.</summary>
/// <param name="Value">A number on the device, with gradient.</param>
/// <param name="Parts">In the order of the stages, classification first.</param>
public sealed record TotalLoss(Tensor Value, IReadOnlyList<LossPart> Parts);
