using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// How much of the training is done, for losses whose options change with time. It is a module in the loss's state, so it lies in the detector, in its checkpoint
/// and on its device; whoever trains calls <see cref="Set"/> before each step.
/// </summary>
public sealed class TrainingProgress : nn.Module
{
    internal TrainingProgress()
        : base(nameof(TrainingProgress))
        => register_buffer("fraction", zeros([]).DetachFromDisposeScope());

    /// <summary>A number in [0, 1] on the device: 0 before the first step.</summary>
    public Tensor Fraction => get_buffer("fraction")!;

    /// <summary>Tells every loss in a module how much of the training is done; nothing is read back from the device.</summary>
    /// <param name="module">A detector, or the state of a loss.</param>
    /// <param name="fraction">Steps done by all steps, in [0, 1].</param>
    public static void Set(nn.Module module, double fraction)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (!(fraction is >= 0 and <= 1)) throw new InputException($"TrainingProgress.Set: the fraction is {fraction}; it must be from 0 to 1.");
        using var frozen = no_grad();
        foreach (var progress in module.modules().Append(module).OfType<TrainingProgress>()) progress.Fraction.fill_(fraction);
    }
}
