namespace Ballast.Tests.Evaluation;

public class EvaluationIntervalsTests
{
    [Theory]
    [InlineData(0.8, 1.0, 0.3)]
    [InlineData(0.5, 3.0, 0.1)]
    [InlineData(0.97, 0.1, 0.8)]
    public void At_100_images_and_about_30_objects_intervals_hold_the_true_AP50_in_90_to_99_of_100_cases(double found, double falseAlarms, double scoreGap)
    {
        const int Simulations = 300;
        var world = new RandomScene.World(0.33, found, falseAlarms, ScoreGap: scoreGap);
        var truth = RandomScene.Draw(world, 60_000, new Random(7)).Evaluate().Overall.AP50;
        var random = new Random(1);
        var (held, told) = (0, 0);
        for (var i = 0; i < Simulations; i++)
        {
            var evaluation = RandomScene.Draw(world, 100, random).Evaluate();
            var interval = EvaluationIntervals.Of(evaluation, seed: i, replicates: 200).Classes[0].AP50;
            if (interval.Method == IntervalMethod.CannotTell) continue;
            told++;
            held += truth >= interval.Low && truth <= interval.High ? 1 : 0;
        }

        Assert.True(told > Simulations * 0.95, $"only {told} intervals");
        Assert.InRange((double)held / told, 0.90, 0.99);
    }

    [Fact]
    public void A_perfect_small_class_is_not_known_to_be_perfect()
    {
        var scene = Scene.With(1, 200);
        for (var image = 0; image < 40; image++) scene.Object(image, 0, 10, 10, 50, 50).Found(image, 0, 10, 10, 50, 50, 0.9);
        var interval = EvaluationIntervals.Of(scene.Evaluate()).Classes[0].AP;
        Assert.Equal(IntervalMethod.Usual, interval.Method);
        // Wilson's interval of 40 out of 40: 1 / (1 + 1.96^2 / 40) = 0.912.
        Assert.Equal(0.9124, interval.Low, 4);
        Assert.Equal(1, interval.High, 9);
    }

    [Fact]
    public void Few_images_or_objects_make_the_interval_wider_and_fewer_none_at_all()
    {
        Assert.Equal(IntervalMethod.Wider, Interval(images: 99, objects: 40).Method);
        Assert.Equal(IntervalMethod.Wider, Interval(images: 100, objects: 29).Method);
        Assert.Equal(IntervalMethod.Usual, Interval(images: 100, objects: 30).Method);
        Assert.Equal(IntervalMethod.CannotTell, Interval(images: 100, objects: 4).Method);
        Assert.Equal(double.NaN, Interval(images: 100, objects: 4).HalfWidth);
        Assert.True(Interval(99, 40).HalfWidth > Interval(100, 40).HalfWidth);
    }

    [Fact]
    public void Intervals_are_the_same_for_the_same_seed_and_hold_the_figure()
    {
        var evaluation = RandomScene.Draw(new(ObjectsPerImage: 1), 120, new Random(4), classes: 3).Evaluate();
        var (one, two, other) = (EvaluationIntervals.Of(evaluation, 3), EvaluationIntervals.Of(evaluation, 3), EvaluationIntervals.Of(evaluation, 4));
        Assert.Equal(one.Overall, two.Overall);
        Assert.NotEqual(one.Overall.AP.StandardError, other.Overall.AP.StandardError);
        Assert.Equal(evaluation.Overall.AP, one.Overall.AP.Value, 12);
        Assert.All(one.Classes, c => Assert.InRange(c.AP.Value, c.AP.Low, c.AP.High));
    }

    [Fact]
    public void Images_of_a_group_are_drawn_together()
    {
        var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
        builder.AddClass("a", 1);
        for (var i = 0; i < 6; i++) builder.AddImage(i + 1, $"{i}.jpg", 100, 100, group: i < 3 ? "scene 1" : null);
        var images = builder.Build("groups", new("coco", "x", new FolderTree(AppContext.BaseDirectory))).Images;
        var weights = new ImageWeights(images, 1, 200);
        for (var r = 0; r < 200; r++) Assert.Equal(weights.Of(0, r), weights.Of(2, r));
        Assert.Contains(Enumerable.Range(0, 200), r => weights.Of(3, r) != weights.Of(4, r));
    }

    [Fact]
    public void Student_s_t_has_the_quantiles_of_the_tables()
    {
        Assert.Equal(12.7062, StudentT.Quantile975(1), 4);
        Assert.Equal(2.7764, StudentT.Quantile975(4), 4);
        Assert.Equal(2.0452, StudentT.Quantile975(29), 4);
        Assert.InRange(StudentT.Quantile975(1e30) - StudentT.Normal975, 0, 1e-5);
        Assert.InRange(StudentT.Quantile975(double.PositiveInfinity) - StudentT.Normal975, 0, 1e-5);
        Assert.Equal(0.05, StudentT.TwoSided(2.2281388519649385, 10), 9);
    }

    private static FigureInterval Interval(int images, int objects)
    {
        var random = new Random(8);
        double[] replicates = [.. Enumerable.Range(0, 1000).Select(_ => 0.6 + (0.05 * RandomScene.Normal(random)))];
        return FigureInterval.Of(0.6, replicates, images, images: 20, objects);
    }
}
