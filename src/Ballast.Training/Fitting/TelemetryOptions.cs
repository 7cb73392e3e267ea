namespace Ballast.Training;

/// <summary>What is looked at while a detector is trained, beside the losses of every step. Nothing of it changes the training.</summary>
public sealed record TelemetryOptions
{
    private readonly int _every = 50;
    private readonly double _recall = 0.02;

    /// <summary>Steps from one look inside a step to the next; each costs two backward passes through the heads. 0 for none.</summary>
    public int Every
    {
        get => _every;
        init => _every = value >= 0 ? value : throw new InputException($"TelemetryOptions.Every is {value}; it must be 0 for none, or a number of steps.");
    }

    /// <summary>
    /// Share of the training batches of an epoch that the detector looks at again after it, in [0, 1], to tell what it finds of what it was shown from what it finds of
    /// validation; at least one batch. 0 for none.
    /// </summary>
    public double RecallFraction
    {
        get => _recall;
        init => _recall = value is >= 0 and <= 1 ? value : throw new InputException($"TelemetryOptions.RecallFraction is {value}; it must be from 0 to 1.");
    }

    /// <summary>Whether events for TensorBoard are written too.</summary>
    public bool TensorBoard { get; init; }
}
