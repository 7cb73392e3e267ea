using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Defects of TorchSharp that the code is written around. A test that fails here after an update says that its cure can go.</summary>
public class TorchCuresTests
{
    [Fact]
    public void Group_normalisation_starts_as_the_identity()
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < 50; i++)
        {
            // Freed memory that holds other numbers is what the defect shows up in.
            using (full([64], 43f)) using (full([64], float.NaN)) { }
            var module = TorchCures.GroupNormalization(8, 64);
            Assert.Equal((64, 0), (module.weight!.sum().item<float>(), module.bias!.abs().sum().item<float>()));
        }
    }

    [Fact]
    public void Equal_compares_element_by_element()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (tensor(new[] { 1f, 2 }), tensor(new[] { 1f, 3 }));
        Assert.Equal([2], a.equal(b).shape);
        Assert.False(TorchCures.AreEqual(a, b));
        Assert.True(TorchCures.AreEqual(a, a.clone()));
        Assert.False(TorchCures.AreEqual(a, a.unsqueeze(0)));
    }

    [Fact]
    public void A_sum_over_the_literal_0_is_a_sum_of_everything_in_bytes()
    {
        using var scope = NewDisposeScope();
        Assert.Empty(ones(2, 3).sum(0).shape);
        Assert.Equal([3], ones(2, 3).sum([0]).shape);
    }

    [Fact]
    public void An_empty_tensor_cannot_be_read_by_its_accessor()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentOutOfRangeException>(() => zeros(0, 4).data<float>().ToArray());
    }

    [Fact]
    public void Modules_in_an_array_are_not_registered_those_in_a_list_are()
    {
        using var array = new InAnArray();
        using var list = new InAList();
        Assert.Empty(array.parameters());
        Assert.Equal(2, list.parameters().Count());
    }

    [Fact]
    public void Modes_and_scopes_belong_to_a_thread()
    {
        using var frozen = no_grad();
        Tensor? made = null;
        var learns = false;
        using (NewDisposeScope())
        {
            var thread = new Thread(() =>
            {
                made = ones(1, requires_grad: true);
                learns = (made * 2).requires_grad;
            });
            thread.Start();
            thread.Join();
        }

        Assert.True(learns);
        Assert.False(made!.IsInvalid);
        made.Dispose();
    }

    private sealed class InAnArray : nn.Module
    {
        private readonly nn.Module[] _layers = [nn.Linear(1, 1)];

        public InAnArray()
            : base(nameof(InAnArray))
        {
            RegisterComponents();
            Assert.Single(_layers);
        }
    }

    private sealed class InAList : nn.Module
    {
        private readonly ModuleList<nn.Module> _layers = [nn.Linear(1, 1)];

        public InAList()
            : base(nameof(InAList))
        {
            RegisterComponents();
            Assert.Single(_layers);
        }
    }
}
