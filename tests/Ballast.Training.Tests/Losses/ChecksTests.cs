using System.Reflection;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class ChecksTests
{
    private const int Classes = 4;

    public static TheoryData<string> Classifications => [.. Kinds<ClassificationLoss>()];

    public static TheoryData<string> Boxes => [.. Kinds<BoxLoss>()];

    [Theory]
    [MemberData(nameof(Classifications))]
    public void Logits_that_are_not_finite_are_named_by_every_loss_when_asked_for(string kind)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<ClassificationLoss>(kind == "class-balanced" ? """{ "type": "class-balanced", "loss": "focal" }""" : $"\"{kind}\"");
        var state = loss.State(ClassificationLossTests.Facts(5, 3, 1, 1));
        foreach (var broken in (float[])[float.NaN, float.PositiveInfinity])
        {
            var logits = zeros(2, loss.Channels(Classes));
            logits[1, 0] = broken;
            var targets = ClassTargets.Of(tensor(new long[] { 0, Classes }), Classes, full([2], 0.7));
            var message = Refused(() => loss.Compute(logits, targets, state));
            Assert.StartsWith($"{loss.GetType().Name}: logits of shape [2, {loss.Channels(Classes)}] hold NaN or infinity.", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Boxes))]
    public void Boxes_that_are_not_finite_are_named_for_every_loss_when_asked_for(string kind)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(kind == "sum" ? """{ "type": "sum", "parts": [{ "loss": "giou" }] }""" : $"\"{kind}\"");
        var (good, broken) = (tensor(new[] { 0f, 0, 2, 2 }, [1, 4]), tensor(new[] { 0f, 0, 2, float.NaN }, [1, 4]));
        void Compute(Tensor predicted, Tensor target)
            => loss.Compute(loss.OnCorners ? BoxPairs.OfCorners(predicted, target) : BoxPairs.OfDeltas(predicted, target, zeros(1, 4)), loss.State());
        var form = loss.OnCorners ? "corners" : "deltas";
        Assert.StartsWith($"BoxPairs: predicted {form} of shape [1, 4] hold NaN", Refused(() => Compute(broken, good)), StringComparison.Ordinal);
        Assert.StartsWith($"BoxPairs: target {form} of shape [1, 4] hold NaN", Refused(() => Compute(good, broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_else_is_not_finite_is_named_when_asked_for()
    {
        using var scope = NewDisposeScope();
        var (labels, broken) = (zeros(2, dtype: ScalarType.Int64), tensor(new[] { 0f, float.NaN }));
        var (map, matrix) = (full([1, 1, 4, 4], float.NaN), broken.unsqueeze(0));
        (string Starts, Action Act)[] refused =
        [
            ("ClassTargets: scores", () => ClassTargets.Of(labels, Classes, broken)),
            ("ClassTargets: weights", () => ClassTargets.Of(labels, Classes, weights: broken)),
            ("ClassTargets: probabilities", () => ClassTargets.OfMatrix(matrix)),
            ("BoxPairs: outputs beside the deltas", () => BoxPairs.OfDeltas(zeros(2, 4), zeros(2, 4), full([2, 4], double.NaN))),
            ("LossTerm: elements", () => _ = new LossTerm(broken, 1)),
            ("LossTerm: weights", () => _ = new LossTerm(labels, 1, broken)),
            ("RoIAlign: maps", () => new RoIAlign().Apply(map, zeros(1, 5), 1)),
            ("DeformableConvolution: input", () => DeformableConvolution.Apply(map, zeros(1, 2, 4, 4), ones(1, 1, 1, 1))),
            ("DeformableConvolution: offset", () => DeformableConvolution.Apply(zeros(1, 1, 4, 4), map.expand(1, 2, 4, 4), ones(1, 1, 1, 1))),
            ("DeformableConvolution: weight", () => DeformableConvolution.Apply(zeros(1, 1, 4, 4), zeros(1, 2, 4, 4), full([1, 1, 1, 1], float.NaN))),
            ("DeformableConvolution: mask", () => DeformableConvolution.Apply(zeros(1, 1, 4, 4), zeros(1, 2, 4, 4), ones(1, 1, 1, 1), null, map)),
        ];
        Assert.All(refused, each => Assert.StartsWith(each.Starts, Refused(each.Act), StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_looked_at_unless_asked_for()
    {
        using var scope = NewDisposeScope();
        var targets = ClassTargets.Of(zeros(1, dtype: ScalarType.Int64), Classes);
        Assert.True(new FocalLoss().Compute(full([1, Classes], float.NaN), targets).isnan().any().item<bool>());
    }

    [Fact]
    public void Corners_are_decoded_once_and_only_when_a_loss_asks_for_them()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        var pairs = new BoxPairs(zeros(2, 4), zeros(2, 4), () =>
        {
            calls++;
            return (zeros(2, 4), ones(2, 4));
        });
        new L1BoxLoss().Compute(pairs);
        Assert.Equal(0, calls);
        new GIoUBoxLoss().Compute(pairs);
        new DIoUBoxLoss().Compute(pairs);
        Assert.Equal(1, calls);
    }

    private static IEnumerable<string> Kinds<T>() => typeof(T).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!);

    private static string Refused(Action act)
    {
        Checks.Finite = true;
        try
        {
            return Assert.Throws<InputException>(act).Message;
        }
        finally
        {
            Checks.Finite = false;
        }
    }
}
