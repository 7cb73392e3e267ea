using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>All gradients of a step.</summary>
public static class Gradients
{
    /// <summary>libtorch's guard of the division.</summary>
    private const double Epsilon = 1e-6;

    /// <summary>The L2 norm of all gradients together, and, when a limit is given, all of them scaled down to it: g min(1, limit / (norm + 1e-6)).</summary>
    /// <param name="parameters">Those without a gradient count as 0.</param>
    /// <param name="limit">The largest norm, more than 0; null for none.</param>
    /// <returns>The norm before.</returns>
    public static double Clip(IEnumerable<Tensor> parameters, double? limit = null)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0) return 0;
        var norm = stack([.. gradients.Select(gradient => gradient.norm())]).norm().item<float>();
        if (limit is not { } most || !(most / (norm + Epsilon) < 1)) return norm;
        foreach (var gradient in gradients) gradient.mul_(most / (norm + Epsilon));
        return norm;
    }
}
