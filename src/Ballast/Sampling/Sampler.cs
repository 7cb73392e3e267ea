using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// The weight w of each candidate in the loss (Oksuz et al. 2020, arXiv:1909.00169, section 4.1): 0 or 1 is hard sampling, between is soft. The remedy for the imbalance
/// of foreground and background, image by image, between assigning and the loss.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(NoSampler), "none")]
[JsonDerivedType(typeof(RandomSampler), "random")]
[JsonDerivedType(typeof(HardNegativeMiningSampler), "hard-negative-mining")]
[JsonDerivedType(typeof(OnlineHardExampleMiningSampler), "ohem")]
[JsonDerivedType(typeof(IoUBalancedNegativeSampler), "iou-balanced-negative")]
[JsonDerivedType(typeof(InstanceBalancedPositiveSampler), "instance-balanced-positive")]
[JsonDerivedType(typeof(OnlineForegroundBalancedSampler), "online-foreground-balanced")]
[JsonDerivedType(typeof(ImportanceReweightingSampler), "isr-n")]
[JsonDerivedType(typeof(CombinedSampler), "combined")]
public abstract record Sampler
{
    /// <summary>What it asks of the candidates beyond their assignment.</summary>
    [JsonIgnore]
    public virtual CandidateNeeds Needs => CandidateNeeds.None;

    /// <summary>Whether it looks at what the head makes of the candidates.</summary>
    [JsonIgnore]
    public bool AsksHead => (Needs & (CandidateNeeds.Losses | CandidateNeeds.Predictions)) != 0;

    /// <summary>Whether its weights depend on the random stream.</summary>
    [JsonIgnore]
    public virtual bool IsRandom => true;

    /// <summary>Whether every weight is 0 or 1.</summary>
    [JsonIgnore]
    public virtual bool IsHard => true;

    /// <summary>Weighs the candidates of one image.</summary>
    /// <param name="candidates">N candidates.</param>
    /// <param name="random">The image's stream; goes on by what is drawn.</param>
    /// <param name="weights">[N]: receives w, 0 or more; 0 for what is ignored.</param>
    public abstract void Weigh(Candidates candidates, ref RandomState random, Span<float> weights);

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">They contradict each other.</exception>
    public virtual void Validate()
    {
    }

    /// <summary>Checks the arguments and clears the weights.</summary>
    protected static void Begin(Candidates candidates, Span<float> weights)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Length, candidates.Count, nameof(weights));
        weights.Clear();
    }

    /// <summary>Gives some candidates the weight 1.</summary>
    protected static void Take(ReadOnlySpan<int> indices, Span<float> weights)
    {
        foreach (var i in indices) weights[i] = 1;
    }

    /// <summary>Gives a uniform draw without replacement the weight 1.</summary>
    /// <param name="indices">What is drawn from; is reordered, the drawn first.</param>
    /// <param name="count">How many are wanted; all are taken when there are no more.</param>
    /// <param name="random">The stream.</param>
    /// <param name="weights">[N].</param>
    protected static void TakeAtRandom(Span<int> indices, int count, ref RandomState random, Span<float> weights)
    {
        if (indices.Length > count) random.Draw(indices, count);
        Take(indices[..Math.Min(count, indices.Length)], weights);
    }

    /// <summary>Gives the candidates of highest loss the weight 1, of equal ones those of lower index.</summary>
    private protected static void TakeHardest(Candidates candidates, ReadOnlySpan<int> indices, int count, Span<float> weights)
    {
        if (indices.Length <= count)
        {
            Take(indices, weights);
            return;
        }

        if (count == 0) return;
        var losses = candidates.Losses;
        var keys = candidates.Keys(indices.Length);
        for (var i = 0; i < keys.Length; i++) keys[i] = NonMaximumSuppression.Key(losses[indices[i]], indices[i]);
        Selection.Smallest(keys, count);
        foreach (var key in keys[..count]) weights[NonMaximumSuppression.Index(key)] = 1;
    }

    /// <summary>A value that must be a fraction.</summary>
    private protected double Fraction(double value, [CallerMemberName] string name = "")
        => value is >= 0 and <= 1 ? value : throw new InputException($"{GetType().Name}.{name} is {value}; it must be a fraction from 0 to 1.");

    /// <summary>A value that must be finite and not negative.</summary>
    private protected double NotNegative(double value, [CallerMemberName] string name = "")
        => value >= 0 && double.IsFinite(value) ? value : throw new InputException($"{GetType().Name}.{name} is {value}; it must be 0 or more.");

    /// <summary>A whole number that must reach another.</summary>
    private protected int AtLeast(int least, int value, [CallerMemberName] string name = "")
        => value >= least ? value : throw new InputException($"{GetType().Name}.{name} is {value}; it must be at least {least}.");
}
