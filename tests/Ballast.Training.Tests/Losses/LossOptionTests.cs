using Ballast.Tests;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>No option of a loss does nothing.</summary>
public class LossOptionTests
{
    private const int Rows = 60;
    private const int Classes = 4;

    public static TheoryData<string> BoxKinds => [.. BoxLossTests.Every.Select(loss => loss.GetType().Name).Distinct()];

    public static TheoryData<string> ClassificationKinds => [.. ClassificationLossTests.Every.Select(loss => loss.GetType().Name).Distinct()];

    [Theory]
    [MemberData(nameof(BoxKinds))]
    public void Every_option_of_a_box_loss_changes_its_value_or_gradient(string kind)
    {
        BoxLoss[] records = [.. BoxLossTests.Every.Where(loss => loss.GetType().Name == kind)];
        Values<WeightedBoxLoss> parts = [new() { Loss = new L1BoxLoss(), Weight = 3 }];
        Assert.Empty(OptionWalk.Idle(records, Measure, parts));
    }

    [Theory]
    [MemberData(nameof(ClassificationKinds))]
    public void Every_option_of_a_classification_loss_changes_its_value_or_gradient(string kind)
    {
        ClassificationLoss[] records = [.. ClassificationLossTests.Every.Where(loss => loss.GetType().Name == kind)];
        Values<float> weights = [3, 1, 2, 4, 0.25f];
        Assert.Empty(OptionWalk.Idle(records, Measure, new FocalLoss { Gamma = 1 }, weights));
    }

    /// <summary>Two steps, since some losses remember; boxes that overlap little, much, and not at all, some of them turned inside out.</summary>
    private static float[]? Measure(BoxLoss loss)
    {
        using var scope = NewDisposeScope();
        var (state, result) = (loss.State(), new List<float>());
        foreach (var seed in (ulong[])[1, 2])
        {
            Tensor Random(int columns) => randn([Rows, columns], generator: new Generator(seed + (ulong)columns));
            var (deltas, targets) = (Random(4) * 0.6, Random(4) * 0.1);

            // The first two just touch.
            (deltas[0], targets[0]) = (tensor(new[] { 1f, 0, 1, 0 }), zeros(4));
            deltas.requires_grad_();
            var boxes = tensor(new[] { 20f, 20, 60, 50 });
            var extra = loss.ExtraOutputs > 0 ? Random(loss.ExtraOutputs) : null;
            var pairs = new BoxPairs(deltas, targets, () => (boxes + (40 * deltas), boxes + (20 * targets)), extra);
            if (!Add(result, () => loss.Compute(pairs, state), deltas)) return null;
        }

        return [.. result];
    }

    private static float[]? Measure(ClassificationLoss loss)
    {
        using var scope = NewDisposeScope();
        var (state, result) = (loss.State(ClassificationLossTests.Facts(50, 20, 5, 1)), new List<float>(loss.StartingBiases(Classes, 0.01)));
        foreach (var seed in (ulong[])[1, 2])
        {
            var logits = (2 * randn([Rows, loss.Channels(Classes)], generator: new Generator(seed))).requires_grad_();
            var labels = randint(0, Classes + 1, [Rows], generator: new Generator(seed + 5), dtype: ScalarType.Int64);
            var targets = ClassTargets.Of(labels, Classes, rand(Rows, generator: new Generator(seed + 9)));
            if (!Add(result, () => loss.Compute(logits, targets, state), logits)) return null;
        }

        return [.. result];
    }

    private static bool Add(List<float> result, Func<Tensor> compute, Tensor leaf)
    {
        try
        {
            var value = compute();
            value.sum().backward();
            result.AddRange(GoldenTensors.Values(value));
            result.AddRange(GoldenTensors.Values(leaf.grad!));
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
