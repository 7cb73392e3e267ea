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
        public override bool IsAdditive => true;

        protected override (Tensor? Classification, Tensor? Box) Weights(int stage, Tensor? classification, Tensor? box)
            => (Weight(classification, options.ClassificationWeight), Weight(box, options.BoxWeight));

        private static Tensor? Weight(Tensor? loss, float weight) => loss is null ? null : full_like(loss, weight);
    }
}
