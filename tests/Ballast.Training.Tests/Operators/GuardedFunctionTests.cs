using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Ballast.Training.Tests;

public class GuardedFunctionTests
{
    [Fact]
    public void An_exception_in_a_backward_pass_is_thrown_after_it()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (ones(3, requires_grad: true), ones(3, requires_grad: true));
        var loss = (Twice.apply(x, true) + (2 * y)).sum();
        Assert.Equal("the gradient cannot be had", Assert.Throws<InvalidOperationException>(() => Backward.Run(loss)).Message);
        Assert.Equal(6, y.grad!.sum().item<float>());
    }

    [Fact]
    public void Without_an_exception_the_gradient_is_the_operators_own()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, requires_grad: true);
        Backward.Run(Twice.apply(x, false).sum());
        Assert.Equal([2f, 2, 2], GoldenTensors.Values(x.grad!));
    }

    private sealed class Twice : GuardedFunction<Twice>
    {
        public override string Name => nameof(Twice);

        protected override Tensor Compute(AutogradContext context, object[] inputs)
        {
            context.save_data("fails", (bool)inputs[1]);
            return (Tensor)inputs[0] * 2;
        }

        protected override List<Tensor> Differentiate(AutogradContext context, Tensor gradient)
            => (bool)context.get_data("fails") ? throw new InvalidOperationException("the gradient cannot be had") : [gradient * 2, null!];
    }
}
