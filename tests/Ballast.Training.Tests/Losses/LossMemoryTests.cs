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
        var recipe = kind == "sum" ? """{ "type": "sum", "parts": [{ "loss": "kl", "schedule": { "over": "time" } }] }""" : $"\"{kind}\"";
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        if (loss is GradientHarmonizedBoxLoss harmonized) loss = harmonized with { Momentum = 0.5f };
        var state = loss.State();
        AssertFlat(() =>
        {
            var predicted = tensor(new[] { 1f, 2, 11, 12, 0, 0, 5, 5 }, [2, 4], requires_grad: true);
            var target = tensor(new[] { 2f, 2, 12, 13, 20, 20, 25, 25 }, [2, 4]);
            var pairs = loss.OnCorners ? BoxPairs.OfCorners(predicted, target) : BoxPairs.OfDeltas(predicted, target, zeros(2, 4));
            loss.Compute(pairs, state).sum().backward();
        });
    }

    [Theory]
    [MemberData(nameof(ClassificationKinds))]
    public void Classification_losses_leave_no_tensor_behind(string kind)
    {
        var recipe = kind == "class-balanced" ? """{ "type": "class-balanced", "loss": "focal" }""" : $"\"{kind}\"";
        var loss = RecipeReader.Parse<ClassificationLoss>(recipe);
        var state = loss.State(ClassificationLossTests.Facts(5, 3, 1));
        AssertFlat(() =>
        {
            var logits = zeros([6, loss.Channels(Classes)], requires_grad: true);
            loss.Compute(logits, ClassTargets.Of(tensor(new long[] { 0, 1, 2, 3, 3, -1 }), Classes, full([6], 0.7)), state).sum().backward();
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
