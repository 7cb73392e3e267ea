using System.Reflection;
using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>What a step allocates dies with the step's scope.</summary>
public class LossMemoryTests
{
    private const int Steps = 20;
    private const int Classes = 3;

    public static TheoryData<string> BoxKinds => [.. Kinds<BoxLoss>()];

    public static TheoryData<string> ClassificationKinds => [.. Kinds<ClassificationLoss>()];

    [Theory]
    [MemberData(nameof(BoxKinds))]
    public void Box_losses_leave_no_tensor_behind(string kind)
    {
        var (loss, state) = Box(kind);
        AssertFlat(() =>
        {
            var predicted = tensor(new[] { 1f, 2, 11, 12, 0, 0, 5, 5 }, [2, 4], requires_grad: true);
            var target = tensor(new[] { 2f, 2, 12, 13, 20, 20, 25, 25 }, [2, 4]);
            loss.Compute(Pairs(loss, predicted, target), state).sum().backward();
        });
    }

    [Theory]
    [MemberData(nameof(ClassificationKinds))]
    public void Classification_losses_leave_no_tensor_behind(string kind)
    {
        var (loss, state) = Classification(kind);
        AssertFlat(() =>
        {
            var logits = zeros([6, loss.Channels(Classes)], requires_grad: true);
            loss.Compute(logits, ClassTargets.Of(tensor(new long[] { 0, 1, 2, 3, 3, -1 }), Classes, full([6], 0.7)), state).sum().backward();
        });
    }

    [Theory]
    [MemberData(nameof(BoxKinds))]
    public void Box_losses_take_no_managed_memory_for_a_row(string kind)
    {
        var (loss, state) = Box(kind);
        AssertFlat(rows =>
        {
            var target = rand(rows, 4) + tensor(new[] { 0f, 0, 9, 9 });
            var predicted = (target + rand(rows, 4)).requires_grad_();
            return () => loss.Compute(Pairs(loss, predicted, target), state).sum().backward();
        });
    }

    [Theory]
    [MemberData(nameof(ClassificationKinds))]
    public void Classification_losses_take_no_managed_memory_for_a_row(string kind)
    {
        var (loss, state) = Classification(kind);
        AssertFlat(rows =>
        {
            // One in sixteen is an object, so that what is kept for objects and for background would both show.
            var labels = arange(rows, dtype: ScalarType.Int64);
            labels = where((labels % 16).eq(0), labels % Classes, Classes);
            var logits = randn([rows, loss.Channels(Classes)], generator: new Generator(1), requires_grad: true);
            var targets = ClassTargets.Of(labels, Classes, full([rows], 0.7));
            return () => loss.Compute(logits, targets, state).sum().backward();
        });
    }

    [Fact]
    public void Importance_reweighting_and_the_box_part_of_average_LRP_take_no_managed_memory_for_a_row()
    {
        AssertFlat(rows =>
        {
            int[] classes = [.. Enumerable.Range(0, rows).Select(i => i % Classes)];
            float[] numbers = [.. Enumerable.Range(0, rows).Select(i => (i * 7919 % 1000) / 1000f)];
            var weights = new float[rows];
            Array.Fill(weights, 1);
            return () => new ImportanceReweighting().Weigh(classes, classes, numbers, numbers, weights);
        });
        AssertFlat(rows =>
        {
            var logits = randn([rows, 1], generator: new Generator(1));
            var labels = arange(rows, dtype: ScalarType.Int64);
            var targets = ClassTargets.Of(where((labels % 16).eq(0), 0L, 1L).to(ScalarType.Int64), 1, full([rows], 0.7));
            return () => new AverageLrpLoss().BoxWeights(logits, targets);
        });
    }

    [Fact]
    public void A_tensor_outside_of_every_scope_is_counted()
    {
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        using (zeros(1)) Assert.Equal(before + 1, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    private static IEnumerable<string> Kinds<T>() => typeof(T).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!);

    private static (BoxLoss Loss, nn.Module? State) Box(string kind)
    {
        var recipe = kind == "sum" ? """{ "type": "sum", "parts": [{ "loss": "kl", "schedule": { "over": "time" } }] }""" : $"\"{kind}\"";
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        if (loss is GradientHarmonizedBoxLoss harmonized) loss = harmonized with { Momentum = 0.5f };
        return (loss, loss.State());
    }

    private static BoxPairs Pairs(BoxLoss loss, Tensor predicted, Tensor target)
        => loss.OnCorners ? BoxPairs.OfCorners(predicted, target) : BoxPairs.OfDeltas(predicted, target, zeros(predicted.shape));

    private static (ClassificationLoss Loss, nn.Module? State) Classification(string kind)
    {
        var loss = RecipeReader.Parse<ClassificationLoss>(kind == "class-balanced" ? """{ "type": "class-balanced", "loss": "focal" }""" : $"\"{kind}\"");
        return (loss, loss.State(ClassificationLossTests.Facts(5, 3, 1)));
    }

    /// <summary>Forty times the rows take less than a byte more for each.</summary>
    /// <param name="make">Makes the step for a number of rows.</param>
    private static void AssertFlat(Func<int, Action> make)
    {
        const int Rows = 512;
        var (few, many) = (Allocated(make, Rows), Allocated(make, 40 * Rows));
        Assert.True(many - few < 39 * Rows, $"{few} bytes for {Rows} rows, {many} for forty times as many.");
    }

    /// <summary>Bytes of a step that was done before: the least of some, as pooled memory may be given up between them.</summary>
    private static long Allocated(Func<int, Action> make, int rows)
    {
        using var scope = NewDisposeScope();
        var step = make(rows);
        step();
        return Enumerable.Range(0, 3).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            step();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    private static void AssertFlat(Action step)
    {
        Step();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var i = 0; i < Steps; i++) Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        void Step()
        {
            using var scope = NewDisposeScope();
            step();
        }
    }
}
