namespace Ballast.Training;

/// <summary>A loss of a step, as a number.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="IsBox">Whether it is the stage's box loss; else its classification loss.</param>
/// <param name="Value">Before weighing.</param>
/// <param name="Weight">What it was multiplied by.</param>
public sealed record StepLoss(string Stage, bool IsBox, double Value, double Weight)
{
    /// <summary>"head box": what people call it.</summary>
    public string Name => $"{Stage} {(IsBox ? "box" : "classification")}";
}

/// <summary>What a step of training was like.</summary>
/// <param name="Step">Its number; 0 for the first.</param>
/// <param name="Total">The losses as one number, of the weights before the step.</param>
/// <param name="Losses">What it is made of.</param>
/// <param name="GradientNorm">L2 norm of all gradients together, before clipping.</param>
/// <param name="Rate">The learning rate.</param>
public sealed record TrainedStep(long Step, double Total, IReadOnlyList<StepLoss> Losses, double GradientNorm, double Rate);

/// <summary>What an epoch of training was like.</summary>
/// <param name="Epoch">Its number; 1 for the first.</param>
/// <param name="Steps">Its steps; those before a resume are not among them.</param>
public sealed record TrainedEpoch(int Epoch, IReadOnlyList<TrainedStep> Steps)
{
    /// <summary>Mean of the total loss.</summary>
    public double Total => Steps.Select(step => step.Total).DefaultIfEmpty().Average();

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"epoch {Epoch}: loss {Total:0.0000} over {Steps.Count} steps");
}
