using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Ballast.Training;

/// <summary>
/// An operator with a gradient of its own, whose backward pass may throw. An exception that leaves a C# backward ends the process, so it is kept, the gradients
/// are taken for 0, and <see cref="Backward.Run"/> throws it again.
/// </summary>
/// <typeparam name="TSelf">The operator.</typeparam>
public abstract class GuardedFunction<TSelf> : SingleTensorFunction<TSelf>
    where TSelf : GuardedFunction<TSelf>, new()
{
    private const string Inputs = "number of inputs";

    /// <inheritdoc/>
    public sealed override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ArgumentNullException.ThrowIfNull(vars);
        ctx.save_data(Inputs, vars.Length);
        return Compute(ctx, vars);
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        try
        {
            using var scope = NewDisposeScope();
            var gradients = Differentiate(ctx, grad_output);
            foreach (var gradient in gradients) gradient?.MoveToOuterDisposeScope();
            return gradients;
        }
        catch (Exception e)
        {
            Backward.Keep(e);
            return [.. Enumerable.Repeat<Tensor>(null!, (int)ctx.get_data(Inputs))];
        }
    }

    /// <summary>The value.</summary>
    protected abstract Tensor Compute(AutogradContext context, object[] inputs);

    /// <summary>The gradient of each input, null for those that have none.</summary>
    protected abstract List<Tensor> Differentiate(AutogradContext context, Tensor gradient);
}

/// <summary>The backward pass, with the exceptions of <see cref="GuardedFunction{TSelf}"/>.</summary>
public static class Backward
{
    /// <summary>What was thrown on threads that run no pass: a device's own.</summary>
    private static readonly ConcurrentQueue<Exception> Elsewhere = new();

    /// <summary>What was thrown in the pass of this thread, where the CPU's part of a graph runs; null outside of passes.</summary>
    [ThreadStatic]
    private static ConcurrentQueue<Exception>? own;

    /// <summary>Computes the gradients of a loss; what an operator threw meanwhile is thrown here.</summary>
    public static void Run(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Guard(() =>
        {
            loss.backward();
            return true;
        });
    }

    /// <summary>The gradients of a loss by some tensors of its graph, which stays for more of them; 0 where it does not depend on one.</summary>
    public static IReadOnlyList<Tensor> Gradients(Tensor loss, IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(inputs);
        var gradients = Guard(() => grad([loss], [.. inputs], retain_graph: true, allow_unused: true));
        return [.. gradients.Select((gradient, i) => gradient is null || gradient.IsInvalid ? zeros_like(inputs[i]) : gradient)];
    }

    internal static void Keep(Exception exception) => (own ?? Elsewhere).Enqueue(exception);

    /// <summary>Runs a pass; passes of several threads do not get each other's exceptions.</summary>
    private static T Guard<T>(Func<T> pass)
    {
        var (outer, kept) = (own, new ConcurrentQueue<Exception>());
        own = kept;
        Elsewhere.Clear();
        try
        {
            var result = pass();
            if (kept.TryDequeue(out var exception) || Elsewhere.TryDequeue(out exception)) ExceptionDispatchInfo.Throw(exception);
            return result;
        }
        finally
        {
            own = outer;
        }
    }
}
