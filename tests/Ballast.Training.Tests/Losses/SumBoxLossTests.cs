using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class SumBoxLossTests
{
    private static readonly SumBoxLoss Mixed = RecipeReader.Parse<SumBoxLoss>("""
        { "parts": [
            { "loss": "kl", "weight": 0.5 },
            { "loss": "giou", "weight": 2, "schedule": { "over": "time", "at": [0.5, 1], "factors": [0, 1] } },
            { "loss": { "type": "ghm-r", "momentum": 0.7 } },
            { "loss": "kl" } ] }
        """);

    [Fact]
    public void Outputs_memories_and_promises_are_those_of_its_parts_together()
    {
        Assert.Equal(8, Mixed.ExtraOutputs);
        Assert.Equal(0, Mixed.LogVariances);
        Assert.Equal(4, new SumBoxLoss { Parts = [new() { Loss = new GIoUBoxLoss() }, new() { Loss = Mixed with { Parts = [Mixed.Parts[3]] } }] }.LogVariances + 4);
        Assert.False(Mixed.NonNegative || Mixed.ZeroAtTarget);
        Assert.True(Mixed.OnCorners && Mixed.OnDeltas);
        using var scope = NewDisposeScope();
        Assert.Equal(["part2.counts", "progress.fraction"], Mixed.State()!.state_dict().Keys.Order());
        Assert.Null(new SumBoxLoss { Parts = [new() { Loss = new L1BoxLoss() }] }.State());
    }

    [Fact]
    public void Its_value_is_the_weighted_sum_and_follows_the_progress_of_the_training()
    {
        using var scope = NewDisposeScope();
        var (state, extra) = (Mixed.State()!, rand([3, 8]));
        var (deltas, corners) = (rand([3, 4]), tensor(new[] { 0f, 0, 9, 9, 5, 5, 20, 25, 1, 1, 3, 3 }, [3, 4]));
        var pairs = new BoxPairs(deltas, zeros(3, 4), () => (corners, corners + 2), extra);
        var ghm = new GradientHarmonizedBoxLoss { Momentum = 0.7f };
        foreach (var (done, factor) in ((double, double)[])[(0, 0), (0.5, 0), (0.75, 0.5), (1, 1)])
        {
            TrainingProgress.Set(state, done);
            var kl = Rows(new KLBoxLoss().Compute(BoxPairs.OfDeltas(deltas, zeros(3, 4), extra[.., ..4])));
            var second = Rows(new KLBoxLoss().Compute(BoxPairs.OfDeltas(deltas, zeros(3, 4), extra[.., 4..])));
            var harmonized = Rows(ghm.Compute(pairs, Mixed.State() is { } fresh ? fresh.named_children().Single(child => child.name == "part2").module : null));
            var expected = (0.5 * kl) + (2 * factor * new GIoUBoxLoss().Compute(pairs)) + harmonized + second;
            Reset(state);
            Assert.True((Mixed.Compute(pairs, state) - expected).abs().max().item<float>() < 1e-5);
        }

        static void Reset(nn.Module state)
        {
            using var frozen = no_grad();
            state.state_dict()["part2.counts"].zero_();
        }
    }

    [Fact]
    public void A_schedule_over_IoU_gives_each_prediction_its_own_factor()
    {
        using var scope = NewDisposeScope();
        var loss = new SumBoxLoss
        {
            Parts =
            [
                new() { Loss = new GIoUBoxLoss(), Schedule = new() { Over = ScheduleAxis.IoU, At = [0.5f, 0.5f], Factors = [1, 0] } },
                new() { Loss = new AlphaIoUBoxLoss(), Schedule = new() { Over = ScheduleAxis.IoU, At = [0.5f, 0.5f], Factors = [0, 1] } },
            ],
        };
        var pairs = BoxPairs.OfCorners(tensor(new[] { 0f, 0, 10, 10, 0, 0, 10, 10 }, [2, 4]), tensor(new[] { 8f, 0, 18, 10, 1, 0, 11, 10 }, [2, 4]));
        var value = loss.Compute(pairs);
        Assert.Equal(new GIoUBoxLoss().Compute(pairs)[0].item<float>(), value[0].item<float>());
        Assert.Equal(new AlphaIoUBoxLoss().Compute(pairs)[1].item<float>(), value[1].item<float>());
    }

    [Fact]
    public void Progress_is_set_in_every_loss_of_a_module_and_kept_in_its_checkpoint()
    {
        using var scope = NewDisposeScope();
        var nested = new SumBoxLoss { Parts = [new() { Loss = Mixed }, new() { Loss = new L1BoxLoss(), Schedule = new() }] };
        using var state = nested.State()!;
        TrainingProgress.Set(state, 0.25);
        var saved = state.state_dict().Where(pair => pair.Key.EndsWith("fraction", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["part0.progress.fraction", "progress.fraction"], saved.Select(pair => pair.Key).Order());
        Assert.All(saved, pair => Assert.Equal(0.25f, pair.Value.item<float>()));
        Assert.Throws<InputException>(() => TrainingProgress.Set(state, 1.01));
        Assert.Throws<InputException>(() => TrainingProgress.Set(state, double.NaN));
    }

    [Fact]
    public void What_does_not_fit_is_said()
    {
        using var scope = NewDisposeScope();
        Says("SumBoxLoss.Parts is empty", () => new SumBoxLoss { Parts = [] });
        Says("WeightSchedule.At is 0.5, 0.2", () => new WeightSchedule { At = [0.5f, 0.2f] });
        Says("WeightSchedule.Factors are -1", () => new WeightSchedule { Factors = [-1] });
        var uneven = new SumBoxLoss { Parts = [new() { Loss = new L1BoxLoss(), Schedule = new() { Over = ScheduleAxis.IoU, Factors = [1] } }] };
        Says("WeightSchedule has 2 places and 1 factors", () => uneven.State()!);
        Says("parts", () => RecipeReader.Parse<BoxLoss>("\"sum\""));
        var pairs = BoxPairs.OfDeltas(zeros(1, 4), zeros(1, 4), zeros(1, 8));
        Assert.Contains("needs the module", Assert.Throws<InvalidOperationException>(() => Mixed.Compute(pairs)).Message);
        Assert.Equal(Mixed, RecipeReader.Parse<BoxLoss>(RecipeReader.ToJson<BoxLoss>(Mixed)));
    }

    private static void Says(string sentence, Func<object> make) => Assert.Contains(sentence, Assert.Throws<InputException>(make).Message);

    private static Tensor Rows(Tensor loss) => loss.dim() > 1 ? loss.sum(-1) : loss;
}
