using System.Reflection;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>What every box loss promises: run over all kinds that recipes know, and their variants.</summary>
public class BoxLossTests
{
    private const double Step = 1e-6;

    private static readonly BoxLoss[] Variants =
    [
        new SmoothL1BoxLoss { Beta = 0 }, new SmoothL1BoxLoss { Beta = 1 }, new BalancedL1BoxLoss { Beta = 0.5f },
        new BalancedL1BoxLoss { Beta = 0.5f, Scaled = true },
        new IoUBoxLoss { Form = IoULossForm.Linear }, new IoUBoxLoss { Form = IoULossForm.Square }, new GIoUBoxLoss { Rule = OverlapRule.Masked },
        new DIoUBoxLoss { Rule = OverlapRule.Masked }, new CIoUBoxLoss { Rule = OverlapRule.Masked }, new CIoUBoxLoss { Gate = true },
        new EfficientIoUBoxLoss { FocalGamma = 0.5f }, new AlphaIoUBoxLoss { Form = AlphaIoUForm.GIoU },
        new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, Alpha = 2 },
        new AlphaIoUBoxLoss { Alpha = 1 }, new AlphaIoUBoxLoss { Form = AlphaIoUForm.CIoU }, new AlphaIoUBoxLoss { Form = AlphaIoUForm.CIoU, Alpha = 1 },
        new AlphaIoUBoxLoss { Form = AlphaIoUForm.DIoU, DistanceOfRelease = true }, new AlphaIoUBoxLoss { Form = AlphaIoUForm.CIoU, DistanceOfRelease = true }, new SIoUBoxLoss { Theta = 2 }, new GradientHarmonizedBoxLoss { Momentum = 0.7f },
        new SumBoxLoss { Parts = [new() { Loss = new L1BoxLoss() }, new() { Loss = new SmoothL1BoxLoss(), Weight = 0.5f }] },
        new SumBoxLoss { Parts = [new() { Loss = new KLBoxLoss(), Schedule = new() { At = [0, 1], Factors = [0.5f, 1] } }, new() { Loss = new L2BoxLoss() }] },
        new SumBoxLoss
        {
            Parts = [new() { Loss = new GIoUBoxLoss(), Schedule = new() { Over = ScheduleAxis.IoU, Factors = [1, 0.25f] } }, new() { Loss = new BoundedIoUBoxLoss() }],
        },
    ];

    internal static readonly BoxLoss[] Every =
    [
        .. typeof(BoxLoss).GetCustomAttributes<JsonDerivedTypeAttribute>().Where(kind => kind.DerivedType != typeof(SumBoxLoss))
            .Select(kind => (BoxLoss)Activator.CreateInstance(kind.DerivedType)!),
        .. Variants,
    ];

    public static TheoryData<string> Recipes => [.. Every.Select(RecipeReader.ToJson)];

    [Fact]
    public void Every_concrete_loss_has_a_kind()
        => Assert.Equal(
            typeof(BoxLoss).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(BoxLoss)) && !type.IsAbstract).OrderBy(type => type.Name),
            typeof(BoxLoss).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).OrderBy(type => type.Name));

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_record_is_its_own_recipe(string recipe) => Assert.Equal(recipe, RecipeReader.ToJson(RecipeReader.Parse<BoxLoss>(recipe)));

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_is_not_negative_unless_it_says_so(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        Assert.SkipUnless(loss.NonNegative, "It says that it can be negative.");
        var (predicted, target) = RandomPairs(loss, 500, seed: 3);
        Assert.True(Compute(loss, predicted, target).min().item<double>() >= -1e-12);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_is_zero_at_the_truth_unless_it_says_otherwise_and_finite_there(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        var (_, target) = RandomPairs(loss, 50, seed: 4);
        var predicted = target.clone().requires_grad_();
        var value = Compute(loss, predicted, target);
        if (loss.ZeroAtTarget) Assert.True(value.abs().max().item<double>() <= 1e-6);
        AssertFinite(value, predicted);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void It_is_finite_for_disjoint_nested_and_empty_boxes_in_single_precision(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        float[] predicted = [0, 0, 10, 10, 5, 5, 5, 5, 0, 0, 100, 100, 3, 3, 3, 9, 7, 7, 7, 7, 0, 0, 1e4f, 1e-3f, 0, 0, 4, 4, 1, 2, 1, 2, 0, 0, 8, 8];
        float[] target = [20, 0, 30, 10, 0, 0, 10, 10, 25, 25, 75, 75, 0, 0, 9, 9, 7, 7, 7, 7, 5e3f, 0, 5e3f, 1e4f, 4, 4, 8, 8, 8, 9, 8, 9, 0, 0, 8, 8];
        var boxes = tensor(predicted, [predicted.Length / 4, 4], requires_grad: true);
        AssertFinite(Compute(loss, boxes, tensor(target, [target.Length / 4, 4])), boxes);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void No_boxes_give_no_losses_that_still_have_a_gradient(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        var predicted = zeros([0, 4], requires_grad: true);
        var value = Compute(loss, predicted, zeros([0, 4]));
        Assert.Equal(0, value.shape[0]);
        value.sum().backward();
        Assert.Equal([0, 4], predicted.grad!.shape);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_order_of_boxes_changes_nothing(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        var (predicted, target) = RandomPairs(loss, 40, seed: 6);
        var order = tensor(Enumerable.Range(0, 40).Reverse().Select(i => (long)i).ToArray());
        var straight = Compute(loss, predicted, target)[order];
        Assert.True((straight - Compute(loss, predicted[order], target[order])).abs().max().item<double>() < 1e-12);
    }

    [Theory]
    [MemberData(nameof(Recipes))]
    public void The_gradient_equals_finite_differences(string recipe)
    {
        using var scope = NewDisposeScope();
        var loss = RecipeReader.Parse<BoxLoss>(recipe);
        const int Count = 60;
        var (predicted, target) = RandomPairs(loss, Count, seed: 5);
        predicted.requires_grad_();
        Compute(loss, predicted, target).sum().backward();
        using var frozen = no_grad();
        var held = HeldLoss.Of(loss, predicted, target) ?? (boxes => Compute(loss, boxes, target));
        var here = RowSums(held(predicted));
        var checkedCount = 0;
        for (var side = 0; side < 4; side++)
        {
            var step = zeros(4, dtype: ScalarType.Float64);
            step[side] = Step;
            var (after, before) = ((RowSums(held(predicted + step)) - here) / Step, (here - RowSums(held(predicted - step))) / Step);
            for (var row = 0; row < Count; row++)
            {
                var (right, left) = (after[row].item<double>(), before[row].item<double>());
                if (Math.Abs(right - left) > 1e-4 * (1 + Math.Abs(left))) continue;
                checkedCount++;
                Assert.Equal((left + right) / 2, predicted.grad![row, side].item<double>(), 2e-5 * (1 + Math.Abs(left)));
            }
        }

        Assert.True(checkedCount > Count * 4 * 3 / 4, $"Only {checkedCount} of {Count * 4} derivatives are away from kinks.");
    }

    [Fact]
    public void A_value_out_of_range_is_refused_with_option_value_and_range()
    {
        Says("GIoUBoxLoss.Epsilon is 0; it must be more than 0.", () => new GIoUBoxLoss { Epsilon = 0 });
        Says("GradientHarmonizedBoxLoss.Momentum is 1; it must be from 0 to less than 1.", () => new GradientHarmonizedBoxLoss { Momentum = 1 });
        Says("line 2, beta: SmoothL1BoxLoss.Beta is -1", () => RecipeReader.Parse<BoxLoss>("{ \"type\": \"smooth-l1\",\n \"beta\": -1 }"));
        Assert.Throws<InputException>(() => new AlphaIoUBoxLoss { Alpha = 0.5f });
        Assert.Throws<InputException>(() => new NormalizedWassersteinBoxLoss { ConstantPixels = float.NaN });
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        Says("shape [2, 4] and target corners [3, 4]", () => BoxPairs.OfCorners(zeros(2, 4), zeros(3, 4)));
        Says("it must be [N, 4]", () => BoxPairs.OfDeltas(zeros(2, 5), zeros(2, 5)));
        var (corners, deltas) = (BoxPairs.OfCorners(zeros(1, 4), zeros(1, 4)), BoxPairs.OfDeltas(zeros(1, 4), zeros(1, 4)));
        Assert.Contains("acts on deltas", Assert.Throws<InvalidOperationException>(() => new L1BoxLoss().Compute(corners)).Message);
        var remembering = new GradientHarmonizedBoxLoss { Momentum = 0.5f };
        Assert.Contains("needs the module", Assert.Throws<InvalidOperationException>(() => remembering.Compute(deltas)).Message);
    }

    private static void Says(string sentence, Func<object> make) => Assert.Contains(sentence, Assert.Throws<InputException>(make).Message);

    private static Tensor Compute(BoxLoss loss, Tensor predicted, Tensor target)
    {
        if (loss.OnCorners) return loss.Compute(BoxPairs.OfCorners(predicted, target), loss.State());
        var extra = loss.ExtraOutputs > 0 ? full([predicted.shape[0], loss.ExtraOutputs], -0.7, dtype: predicted.dtype) : null;
        return loss.Compute(BoxPairs.OfDeltas(predicted, target, extra), loss.State());
    }

    private static Tensor RowSums(Tensor loss) => loss.dim() == 1 ? loss : loss.sum(-1);

    private static void AssertFinite(Tensor value, Tensor predicted)
    {
        Assert.True(value.isfinite().all().item<bool>(), value.ToString(TorchSharp.TensorStringStyle.Julia));
        value.sum().backward();
        Assert.True(predicted.grad!.isfinite().all().item<bool>(), predicted.grad.ToString(TorchSharp.TensorStringStyle.Julia));
    }

    /// <summary>Pairs in double precision, from far apart to nearly equal.</summary>
    private static (Tensor Predicted, Tensor Target) RandomPairs(BoxLoss loss, int count, int seed)
    {
        var random = new Random(seed);
        var (predicted, target) = (new double[count * 4], new double[count * 4]);
        for (var i = 0; i < count; i++)
        {
            var spread = Math.Pow(10, (random.NextDouble() * 2) - 1);
            for (var k = 0; k < 4; k++)
            {
                target[(4 * i) + k] = loss.OnCorners ? (random.NextDouble() * 20) + (k >= 2 ? 22 : 0) : random.NextDouble() - 0.5;
                predicted[(4 * i) + k] = target[(4 * i) + k] + ((random.NextDouble() - 0.5) * (loss.OnCorners ? 2 : 0.5) * spread);
            }
        }

        return (tensor(predicted, [count, 4], dtype: ScalarType.Float64), tensor(target, [count, 4], dtype: ScalarType.Float64));
    }
}
