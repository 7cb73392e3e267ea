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

    [Fact]
    public void Passes_of_several_threads_do_not_get_each_others_exceptions()
    {
        using var ready = new Barrier(2);
        bool Throws(bool fails)
        {
            using var scope = NewDisposeScope();
            var wrong = 0;
            for (var i = 0; i < 50; i++)
            {
                var loss = Twice.apply(ones(3, requires_grad: true), fails).sum();
                ready.SignalAndWait();
                wrong += Record.Exception(() => Backward.Run(loss)) is null == fails ? 1 : 0;
            }

            return wrong > 0 ? !fails : fails;
        }

        bool? first = null, second = null;
        var (good, bad) = (new Thread(() => first = Throws(false)), new Thread(() => second = Throws(true)));
        good.Start();
        bad.Start();
        good.Join();
        bad.Join();
        Assert.Equal((false, true), (first, second));
    }

    [Fact]
    public void A_backward_pass_of_RoIAlign_that_cannot_be_done_is_thrown_after_it()
    {
        using var scope = NewDisposeScope();
        // The plan speaks of a map that no memory holds; the forward pass only looks at its first cells.
        var (map, other) = (ones([1, 8, 8, 16], requires_grad: true), ones(3, requires_grad: true));
        var plan = new RoIPlan<float>(new RoIAlign(), [new(int.MaxValue, int.MaxValue, 8, 1)], [0, 1, 1, 6, 6], []);
        var loss = RoIAlignFunction<float>.apply(plan, map).sum() + (2 * other).sum();
        Assert.Equal((7 * 7 * 16) + 6, loss.item<float>(), 1e-2);
        Assert.ThrowsAny<Exception>(() => Backward.Run(loss));
        Assert.Equal(6, other.grad!.sum().item<float>());
    }

    [Fact]
    public void A_backward_pass_of_deformable_convolution_whose_offsets_were_written_over_is_thrown_after_it()
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (ones([1, 2, 4, 4], requires_grad: true), ones([1, 2, 1, 1], requires_grad: true));
        // In this order of memory the kernel keeps the caller's own offsets, as autograd's functions do.
        var offset = CpuTensors.ChannelsSecond(zeros(1, 4, 4, 2)).requires_grad_();
        var loss = DeformableConvolution.Apply(input, offset, weight).sum();
        using (no_grad()) offset.add_(1);
        Assert.ThrowsAny<Exception>(() => Backward.Run(loss));
        var again = DeformableConvolution.Apply(input, offset, weight).sum();
        Backward.Run(again);
        Assert.True(weight.grad!.isfinite().all().item<bool>());
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
