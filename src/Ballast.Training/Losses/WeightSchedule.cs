using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a weight depends on.</summary>
public enum ScheduleAxis
{
    /// <summary>The fraction of the training that is done.</summary>
    Time,

    /// <summary>The IoU of each prediction with its truth, held fixed in the gradient.</summary>
    IoU,
}

/// <summary>
/// A factor that changes along a line of straight pieces through (<see cref="At"/>, <see cref="Factors"/>): level before the first point and after the last. Two
/// points at one place make a step.
/// </summary>
public sealed record WeightSchedule
{
    private readonly Values<float> _at = [0, 1];
    private readonly Values<float> _factors = [1, 1];

    /// <summary>What the factor depends on.</summary>
    public ScheduleAxis Over { get; init; }

    /// <summary>Places of the points, in [0, 1], never falling.</summary>
    public Values<float> At
    {
        get => _at;
        init => _at = value.Count > 0 && value.All(place => place is >= 0 and <= 1) && value.Zip(value.Skip(1)).All(pair => pair.First <= pair.Second) ? value
            : throw new InputException($"WeightSchedule.At is {string.Join(", ", value)}; it must be at least one number from 0 to 1, none less than the one before.");
    }

    /// <summary>The factor at each place, 0 or more.</summary>
    public Values<float> Factors
    {
        get => _factors;
        init => _factors = value.All(factor => factor >= 0 && float.IsFinite(factor)) ? value
            : throw new InputException($"WeightSchedule.Factors are {string.Join(", ", value)}; each must be 0 or more.");
    }

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">There is not one factor for each place.</exception>
    public void Validate()
    {
        if (At.Count != Factors.Count)
            throw new InputException($"WeightSchedule has {At.Count} places and {Factors.Count} factors; there must be one factor for each place.");
    }

    /// <summary>The factor at places of any shape, without gradient.</summary>
    internal Tensor Of(Tensor places)
    {
        using var frozen = no_grad();
        var factor = full_like(places, Factors[0]);
        for (var i = 1; i < At.Count; i++)
        {
            var (from, rise) = (At[i - 1], Factors[i] - Factors[i - 1]);
            var share = At[i] > from ? ((places - from) / (At[i] - from)).clamp(0, 1) : (places >= from).to_type(places.dtype);
            factor = factor + (rise * share);
        }

        return factor;
    }
}
