namespace Ballast.Training.Tests;

public class ImageOrderTests
{
    [Fact]
    public void An_image_comes_as_often_as_its_weight_rounded_up_or_down()
    {
        double[] weights = [1, 2.5, 0, 0.25, 1.25, 3];
        var order = new ImageOrder(weights, 5);
        Assert.Equal(8, order.Length);
        var totals = new double[weights.Length];
        for (var epoch = 0; epoch < 4000; epoch++)
        {
            var counts = new int[weights.Length];
            for (var i = 0; i < order.Length; i++) counts[order[((long)epoch * order.Length) + i]]++;
            for (var image = 0; image < weights.Length; image++)
            {
                Assert.InRange(counts[image], Math.Floor(weights[image]), Math.Ceiling(weights[image]));
                totals[image] += counts[image];
            }
        }

        for (var image = 0; image < weights.Length; image++) Assert.InRange(totals[image] / 4000, weights[image] - 0.04, weights[image] + 0.04);
    }

    [Fact]
    public void A_place_is_a_function_of_seed_and_place_alone()
    {
        var (a, b, other) = (new ImageOrder([1, 1, 1, 1, 1], 3), new ImageOrder([1, 1, 1, 1, 1], 3), new ImageOrder([1, 1, 1, 1, 1], 4));
        int[] forward = [.. Enumerable.Range(0, 50).Select(place => a[place])];
        int[] backward = [.. Enumerable.Range(0, 50).Reverse().Select(place => b[place]).Reverse()];
        Assert.Equal(forward, backward);
        Assert.NotEqual(forward, Enumerable.Range(0, 50).Select(place => other[place]));
    }

    [Fact]
    public void Weights_of_nothing_are_refused()
    {
        Assert.Contains("no image is ever shown", Assert.Throws<InputException>(() => new ImageOrder([0, 0], 1)).Message);
        Assert.Contains("negative or not a number", Assert.Throws<InputException>(() => new ImageOrder([1, double.NaN], 1)).Message);
    }

    [Fact]
    public void Class_aware_and_repeat_factor_sampling_show_the_rare_class_more_often()
    {
        using var set = new LoaderSet(8);
        Assert.Equal(1.0, new UniformImageSampler().Weigh(set.Data)[0]);
        var repeated = new RepeatFactorImageSampler { ThresholdFraction = 0.5 }.Weigh(set.Data);
        Assert.Equal((2.0, 1.0), (repeated[0], repeated[1]));
        var aware = new ClassAwareImageSampler().Weigh(set.Data);
        Assert.Equal(4.5, aware[0], 9);
        Assert.Equal(8, aware.Sum(), 9);
    }
}
