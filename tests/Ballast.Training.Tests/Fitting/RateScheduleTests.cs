namespace Ballast.Training.Tests;

public class RateScheduleTests
{
    [Fact]
    public void A_warm_up_is_linear_and_ends_at_the_whole_rate()
    {
        var schedule = new ConstantSchedule { WarmupSteps = 4, WarmupFactor = 0.2 };
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1, 1], Enumerable.Range(0, 6).Select(step => Math.Round(schedule.Factor(step, 1, 6), 12)));
    }

    [Fact]
    public void Steps_fall_at_the_end_of_their_epochs()
    {
        var schedule = new StepSchedule { Epochs = [2, 2.5], DecayFactor = 0.5 };
        Assert.Equal([1, 1, 1, 1, 0.5, 0.25, 0.25, 0.25], Enumerable.Range(0, 8).Select(step => schedule.Factor(step, 2, 4)));
    }

    [Fact]
    public void A_cosine_ends_at_its_fraction_after_the_warm_up()
    {
        var schedule = new CosineSchedule { WarmupSteps = 2, WarmupFactor = 0, FinalFraction = 0.1 };
        Assert.Equal(0, schedule.Factor(0, 6, 2));
        Assert.Equal(1, schedule.Factor(2, 6, 2), 1e-12);
        Assert.Equal(0.55, schedule.Factor(7, 6, 2), 1e-12);
        Assert.Equal(0.1, schedule.Factor(12, 6, 2), 1e-12);
    }

    [Fact]
    public void A_schedule_is_its_own_recipe()
    {
        RateSchedule schedule = new StepSchedule { Epochs = [3, 5], WarmupSteps = 7 };
        Assert.Equal(schedule, RecipeReader.Parse<RateSchedule>(RecipeReader.ToJson(schedule)));
        var exception = Assert.Throws<InputException>(() => new StepSchedule { Epochs = [5, 3] });
        Assert.Contains("StepSchedule.Epochs is [5, 3]", exception.Message);
    }
}
