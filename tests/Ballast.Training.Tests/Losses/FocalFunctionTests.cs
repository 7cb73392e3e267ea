using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>The kernel on the CPU against the same loss in tensor operations.</summary>
public class FocalFunctionTests
{
    private static readonly FocalLoss[] Every =
    [
        new(), new() { Alpha = null }, new() { Gamma = 0 }, new() { Gamma = 1, Alpha = 0.75f }, new() { Gamma = 0.5f }, new() { Gamma = 3.5f, Alpha = 0 }, new() { Alpha = 1 },
    ];

    public static TheoryData<string> Recipes => [.. Every.Select(RecipeReader.ToJson)];

    [Theory]
    [MemberData(nameof(Recipes))]
    public void Value_and_gradient_are_those_of_double_precision(string recipe)
    {
        var loss = RecipeReader.Parse<FocalLoss>(recipe);
        foreach (var classes in (int[])[1, 3, 8, 16, 21])
        {
            using var scope = NewDisposeScope();
            var logits = (randn([600, classes], generator: new Generator(7)) * 6).requires_grad_();
            var exact = logits.detach().to(ScalarType.Float64).requires_grad_();
            var targets = ClassTargets.Of(randint(-1, classes + 1, [600], generator: new Generator(8), dtype: ScalarType.Int64), classes);
            Assert.True(FocalFunction.Takes(logits, targets));
            Assert.False(FocalFunction.Takes(exact, targets));
            var (value, expected) = (loss.Compute(logits, targets), loss.Compute(exact, targets));
            AssertClose(expected, value);
            var weights = rand([600, 1], generator: new Generator(9));
            Backward.Run((value * weights).sum());
            Backward.Run((expected * weights).sum());
            AssertClose(exact.grad!, logits.grad!);
        }
    }

    [Fact]
    public void Extreme_logits_are_finite_and_right()
    {
        using var scope = NewDisposeScope();
        float[] extremes = [-1e4f, -100, -88, -40, -17, -1e-4f, 0, 1e-4f, 17, 40, 88, 100, 1e4f];
        foreach (var label in (long[])[0, 1])
        {
            var logits = tensor(extremes, [extremes.Length, 1]).requires_grad_();
            var exact = logits.detach().to(ScalarType.Float64).requires_grad_();
            var targets = ClassTargets.Of(full([extremes.Length], label, dtype: ScalarType.Int64), 1);
            var (value, expected) = (new FocalLoss().Compute(logits, targets), new FocalLoss().Compute(exact, targets));
            AssertClose(expected, value);
            value.sum().backward();
            expected.sum().backward();
            AssertClose(exact.grad!, logits.grad!);
        }
    }

    [Fact]
    public void Views_rows_without_gradient_and_frozen_passes_are_taken_too()
    {
        using var scope = NewDisposeScope();
        var wide = randn([40, 10], generator: new Generator(1), requires_grad: true);
        var targets = ClassTargets.Of(randint(0, 5, [40], generator: new Generator(2), dtype: ScalarType.Int64), 5);
        var value = new FocalLoss().Compute(wide[.., 2..7], targets);
        value.sum().backward();
        Assert.Equal(0, wide.grad![.., ..2].abs().sum().item<float>());
        Assert.True(wide.grad[.., 2..7].abs().min().item<float>() > 0);
        using var frozen = no_grad();
        Assert.True((new FocalLoss().Compute(wide[.., 2..7], targets) - value).abs().max().item<float>() == 0);
    }

    [Fact]
    public void A_label_beyond_background_is_refused()
    {
        using var scope = NewDisposeScope();
        var targets = ClassTargets.Of(tensor(new long[] { 3 }), 2);
        Assert.Contains("a label is 3; with 2 classes", Assert.Throws<InputException>(() => new FocalLoss().Compute(zeros(1, 2), targets)).Message);
    }

    [Fact]
    public void No_managed_memory_is_taken_for_a_row()
    {
        var few = Allocated(512);
        var many = Allocated(512 * 40);
        Assert.True(many - few < 40_000, $"{few} bytes for 512 rows, {many} for forty times as many.");
    }

    private static long Allocated(int rows)
    {
        using var scope = NewDisposeScope();
        var logits = zeros([rows, 8], requires_grad: true);
        var targets = ClassTargets.Of(zeros(rows, dtype: ScalarType.Int64), 8);
        new FocalLoss().Compute(logits, targets).sum().backward();
        
        // Other tests run beside this one; rows that this thread takes part in are enough to tell.
        var before = GC.GetAllocatedBytesForCurrentThread();
        new FocalLoss().Compute(logits, targets).sum().backward();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.True(actual.isfinite().all().item<bool>());
        var difference = (actual.to(ScalarType.Float64) - expected).abs() / (expected.abs() + 1e-6);
        Assert.True(difference.max().item<double>() < 5e-6, $"{difference.max().item<double>()}");
    }
}
