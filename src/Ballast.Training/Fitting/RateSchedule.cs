using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>
/// What the learning rate is multiplied by at a step: a pure function of the step, so a resumed run needs no memory of it. Linear warm-up comes first.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
public abstract record RateSchedule
{
    private readonly int _warmup;
    private readonly double _factor = 0.001;

    /// <summary>Steps in which the rate grows, linearly, from <see cref="WarmupFactor"/> to all of it; 0 for none.</summary>
    public int WarmupSteps
    {
        get => _warmup;
        init => _warmup = value >= 0 ? value : throw new InputException($"{GetType().Name}.WarmupSteps is {value}; it must be 0 or more.");
    }

    /// <summary>Fraction of the rate that the warm-up begins with, in [0, 1].</summary>
    public double WarmupFactor
    {
        get => _factor;
        init => _factor = value is >= 0 and <= 1 ? value : throw new InputException($"{GetType().Name}.WarmupFactor is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>The factor of a step.</summary>
    /// <param name="step">0 for the first.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
    /// <param name="epochs">Epochs of the whole training.</param>
    public double Factor(long step, int stepsPerEpoch, int epochs)
    {
        var warm = step >= WarmupSteps ? 1 : WarmupFactor + ((1 - WarmupFactor) * step / WarmupSteps);
        return warm * Decay(step, stepsPerEpoch, epochs);
    }

    /// <summary>The factor of a step after the warm-up.</summary>
    protected abstract double Decay(long step, int stepsPerEpoch, int epochs);
}

/// <summary>The same rate throughout.</summary>
public sealed record ConstantSchedule : RateSchedule
{
    /// <inheritdoc/>
    protected override double Decay(long step, int stepsPerEpoch, int epochs) => 1;
}

/// <summary>The rate falls by a factor at the end of some epochs: the usual schedule of detectors.</summary>
public sealed record StepSchedule : RateSchedule
{
    private readonly Values<double> _epochs = [8, 11];
    private readonly double _factor = 0.1;

    /// <summary>Epochs after which it falls, ascending.</summary>
    public Values<double> Epochs
    {
        get => _epochs;
        init => _epochs = value.All(epoch => epoch > 0) && value.Zip(value.Skip(1)).All(pair => pair.First < pair.Second) ? value
            : throw new InputException($"StepSchedule.Epochs is [{string.Join(", ", value)}]; they must be more than 0 and ascend.");
    }

    /// <summary>What it is multiplied by each time, in (0, 1].</summary>
    public double DecayFactor
    {
        get => _factor;
        init => _factor = value is > 0 and <= 1 ? value : throw new InputException($"StepSchedule.DecayFactor is {value}; it must be more than 0 and at most 1.");
    }

    /// <inheritdoc/>
    protected override double Decay(long step, int stepsPerEpoch, int epochs)
        => Math.Pow(DecayFactor, Epochs.Count(epoch => step >= Math.Ceiling(epoch * stepsPerEpoch)));
}

/// <summary>The rate falls along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983, without restarts).</summary>
public sealed record CosineSchedule : RateSchedule
{
    private readonly double _final;

    /// <summary>Fraction of the rate it ends with, in [0, 1].</summary>
    public double FinalFraction
    {
        get => _final;
        init => _final = value is >= 0 and <= 1 ? value : throw new InputException($"CosineSchedule.FinalFraction is {value}; it must be a fraction from 0 to 1.");
    }

    /// <inheritdoc/>
    protected override double Decay(long step, int stepsPerEpoch, int epochs)
    {
        var steps = Math.Max(1, (epochs * (double)stepsPerEpoch) - WarmupSteps);
        var done = Math.Clamp((step - WarmupSteps) / steps, 0, 1);
        return FinalFraction + ((1 - FinalFraction) * (1 + Math.Cos(Math.PI * done)) / 2);
    }
}
