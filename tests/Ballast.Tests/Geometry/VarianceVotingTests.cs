namespace Ballast.Tests.Geometry;

public class VarianceVotingTests
{
    [Fact]
    public void A_surer_neighbour_draws_the_box_that_stays()
    {
        var (boxes, scores) = (Boxes(new(10, 10, 50, 50), new(12, 10, 50, 52)), new[] { 0.9f, 0.8f });
        var (keep, voted) = Apply(new() { Sigma = 0.01f }, boxes, scores, [new(1, 1, 1, 1), new(0.5f, 0.5f, 0.5f, 0.5f)]);
        Assert.Equal([0, 1], keep);
        AssertBox(11.254262, 10, 50, 51.254262, voted[0]);
        Assert.Equal(0.154408, scores[1], 1e-5);

        // What stayed no longer votes, so the second box is left alone.
        AssertBox(12, 10, 50, 52, voted[1]);
    }

    [Fact]
    public void Each_side_goes_by_its_own_deviation()
    {
        var boxes = Boxes(new(0, 0, 100, 100), new(4, 4, 104, 104));
        var (_, voted) = Apply(new() { Sigma = 1e6f }, boxes, [0.9f, 0.8f], [new(1e3f, 1, 1, 1), new(1, 1e3f, 1, 1)]);
        Assert.Equal(4, voted[0].X1, 1e-3);
        Assert.Equal(0, voted[0].Y1, 1e-3);
        Assert.Equal(102, voted[0].X2, 1e-3);
    }

    [Fact]
    public void Boxes_apart_under_the_threshold_or_dropped_do_not_vote()
    {
        var boxes = Boxes(new(0, 0, 10, 10), new(5, 0, 15, 10), new(100, 100, 110, 110), new(1, 0, 11, 10));
        SideDeviations one = new(1, 1, 1, 1);
        var (keep, voted) = Apply(new() { IoU = 0.5f, Sigma = 10 }, boxes, [0.9f, 0.8f, 0.7f, 0.0001f], [one, one, one, one]);
        Assert.Equal([0, 2, 1], keep);
        AssertBox(0, 0, 10, 10, voted[0]);
        AssertBox(100, 100, 110, 110, voted[1]);
    }

    [Fact]
    public void Keeps_and_scores_are_those_of_soft_suppression()
    {
        var random = new Random(4);
        var boxes = new BoxArray(60);
        for (var i = 0; i < 60; i++)
        {
            var (x, y) = (random.NextSingle() * 60, random.NextSingle() * 60);
            boxes.Add(new(x, y, x + 10 + (random.NextSingle() * 30), y + 10 + (random.NextSingle() * 30)));
        }

        var scores = Enumerable.Range(0, 60).Select(_ => random.NextSingle()).ToArray();
        var (plain, expected) = (scores.ToArray(), new List<int>());
        new SoftSuppression().Apply(boxes, plain, expected);
        var (keep, voted) = Apply(new(), boxes, scores, [.. Enumerable.Range(0, 60).Select(_ => new SideDeviations(1, 2, 3, 4))]);
        Assert.Equal(expected, keep);
        Assert.Equal(plain, scores);
        Assert.Equal(keep.Count, voted.Count);
    }

    [Fact]
    public void No_boxes_and_deviations_of_zero_are_normal()
    {
        var (keep, _) = Apply(new(), new BoxArray(), [], []);
        Assert.Empty(keep);
        var (_, voted) = Apply(new(), Boxes(new Box(1, 2, 3, 4)), [0.5f], [new(0, float.NaN, 1e30f, 0)]);
        AssertBox(1, 2, 3, 4, voted[0]);
        Assert.Contains("VarianceVoting.Sigma is 0", Assert.Throws<InputException>(() => new VarianceVoting { Sigma = 0 }).Message);
        Assert.Throws<InputException>(() => new VarianceVoting { IoU = 1 });
    }

    [Fact]
    public void Variances_of_deltas_reach_the_sides_as_many_draws_show()
    {
        var coder = BoxCoder.Weighted(10, 10, 5, 5);
        var (anchor, delta) = (new Box(10, 20, 50, 100), new BoxDelta(1, -2, 0.5f, -0.25f));
        var logs = new BoxDelta(-2, -1, -3, -2.5f);
        var sides = SideDeviations.Of(coder, anchor, delta, logs);
        var random = new Random(9);
        var (left, bottom) = (new double[20_000], new double[20_000]);
        for (var i = 0; i < left.Length; i++)
        {
            var box = coder.Decode(anchor, new(Draw(delta.X, logs.X), Draw(delta.Y, logs.Y), Draw(delta.Width, logs.Width), Draw(delta.Height, logs.Height)));
            (left[i], bottom[i]) = (box.X1, box.Y2);
        }

        Assert.Equal(1, Deviation(left) / sides.Left, 0.02);
        Assert.Equal(1, Deviation(bottom) / sides.Bottom, 0.02);
        Assert.Equal(sides.Left, sides.Right);

        float Draw(float mean, float log)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return (float)(mean + (Math.Exp(log / 2) * normal));
        }
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    private static BoxArray Boxes(params Box[] boxes)
    {
        var array = new BoxArray(boxes.Length);
        foreach (var box in boxes) array.Add(box);
        return array;
    }

    private static (List<int> Keep, BoxArray Voted) Apply(VarianceVoting voting, BoxArray boxes, float[] scores, SideDeviations[] deviations)
    {
        var (keep, voted) = (new List<int>(), new BoxArray());
        voting.Apply(boxes, deviations, scores, keep, voted);
        return (keep, voted);
    }

    private static void AssertBox(double x1, double y1, double x2, double y2, Box actual)
    {
        double[] expected = [x1, y1, x2, y2];
        float[] sides = [actual.X1, actual.Y1, actual.X2, actual.Y2];
        for (var i = 0; i < 4; i++) Assert.Equal(expected[i], sides[i], 1e-5);
    }
}
