using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Looks at a step from inside the detector, between its losses and their backward pass. It may take gradients of its own and changes nothing: a training with an observer
/// has the bits of one without.
/// </summary>
public interface IStepObserver
{
    /// <summary>A stage has matched its predictions with the truths.</summary>
    /// <param name="view">What it saw; lives in the step's dispose scope.</param>
    void Saw(StageView view);

    /// <summary>The losses of all stages are one number.</summary>
    /// <param name="batch">Of what.</param>
    /// <param name="stages">The losses.</param>
    /// <param name="total">What they became.</param>
    /// <param name="shared">The maps they were computed from; empty where the detector names none.</param>
    void Measure(Batch batch, IReadOnlyList<LossTerms> stages, TotalLoss total, IReadOnlyList<Tensor> shared);
}

/// <summary>What a stage that looks at candidates predicted for them, and what they are.</summary>
/// <param name="Stage">The stage's name in logs.</param>
/// <param name="Predictions">Of N images with A candidates each.</param>
/// <param name="Targets">Of the same candidates.</param>
/// <param name="Coder">How boxes are told from candidates.</param>
/// <param name="BoxesTeachClasses">Whether the box loss depends on the logits too (CARL).</param>
public sealed record StageView(string Stage, DensePredictions Predictions, AnchorTargets Targets, BoxCoder Coder, bool BoxesTeachClasses);
