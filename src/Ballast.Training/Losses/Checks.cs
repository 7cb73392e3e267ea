using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Checks of what goes into a loss. Shapes are always checked; numbers only when asked, since looking at them waits for the device.</summary>
public static class Checks
{
    /// <summary>Whether losses refuse inputs that hold NaN or infinity: for finding where training went wrong.</summary>
    public static bool Finite { get; set; }

    internal static void SameShape(string owner, string first, Tensor a, string second, Tensor b)
    {
        if (!a.shape.AsSpan().SequenceEqual(b.shape))
            throw new InputException($"{owner}: {first} have shape {Shape(a)} and {second} {Shape(b)}; they must be the same.");
    }

    internal static void IsFinite(string owner, string what, Tensor tensor)
    {
        if (!Finite) return;
        using var finite = tensor.isfinite().all();
        if (!finite.item<bool>())
            throw new InputException($"{owner}: {what} of shape {Shape(tensor)} hold NaN or infinity. Look at what computed them: a rate too high, or a size "
                + "of 0.");
    }

    internal static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
