namespace Ballast.Tests;

public sealed class ImageSamplingTests
{
    [Fact]
    public void Class_aware_sampling_shows_every_class_equally_often_when_images_hold_one_box()
    {
        var data = MadeData.WithCounts([90, 9, 1], images: 100);
        var outcome = ImageSampling.OutcomeOf(data, ImageSampling.ClassAware(data));
        Assert.Equal(1, outcome.Evenness, 1e-12);
        Assert.Equal(1, outcome.Growth, 1e-12);
        Assert.Equal(100 / 3.0, outcome.LargestWeight, 1e-9);
    }

    [Fact]
    public void Repeat_factors_follow_the_square_root_of_threshold_over_share()
    {
        // Shares 0.9, 0.09, 0.01; the median is 0.09, so factors are 1, 1 and sqrt(0.09 / 0.01) = 3.
        var data = MadeData.WithCounts([90, 9, 1], images: 100);
        var factors = ImageSampling.RepeatFactors(data);
        Assert.Equal(99, factors.Count(factor => factor == 1));
        Assert.Equal(3, factors.Max(), 1e-12);
        Assert.Equal(factors, ImageSampling.RepeatFactors(data, 0.09));
    }

    [Fact]
    public void A_threshold_of_a_thousandth_changes_nothing_on_an_ordinary_set()
        => Assert.All(ImageSampling.RepeatFactors(MadeData.WithCounts([900, 90, 9], 100), 0.001), factor => Assert.Equal(1, factor));

    [Fact]
    public void Dropping_majority_only_images_keeps_every_other_image()
    {
        var data = MadeData.WithCounts([90, 9, 1], images: 100);
        var weights = ImageSampling.DropMajorityOnly(data, 0.25);
        Assert.Equal(90, weights.Count(weight => weight == 0.25));
        Assert.Equal(10, weights.Count(weight => weight == 1));
        Assert.Equal(0.325, ImageSampling.OutcomeOf(data, weights).Growth, 1e-12);
    }

    [Fact]
    public void Empty_data_give_empty_weights()
    {
        var data = MadeData.Of(["a"], []);
        Assert.Empty(ImageSampling.RepeatFactors(data));
        Assert.Empty(ImageSampling.ClassAware(data));
        Assert.Equal(0, ImageSampling.OutcomeOf(data, []).Growth);
    }
}
