using System.Runtime.InteropServices;

namespace Ballast.Training;

/// <summary>Tells libtorch's ways of saying that memory is out from its other errors.</summary>
internal static class OutOfMemory
{
    private static readonly string[] Signs = ["can't allocate memory", "not enough memory", "out of memory", "bad_alloc", "Cannot allocate memory"];

    /// <summary>Whether an exception says that memory is out.</summary>
    public static bool Is(Exception exception)
        => exception is OutOfMemoryException || (exception is ExternalException or InvalidOperationException && Signs.Any(sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The sentence for it: what to lower.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="step">The step it was thrown in.</param>
    /// <param name="images">Images of a batch.</param>
    /// <param name="input">The input side.</param>
    public static InputException Explain(Exception exception, long step, int images, InputSize input)
        => new($"There is not enough memory for step {step}, a batch of {Phrases.Count(images, "image", "images")} at input side {input}. Lower the batch (--set loader.batchSize=N), lower the side (--set detector.profile.input.short=N), or add up smaller batches (--set training.batchesPerStep=2).", exception);
}
