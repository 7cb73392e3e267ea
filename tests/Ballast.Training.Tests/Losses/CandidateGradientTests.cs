namespace Ballast.Training.Tests;

public class CandidateGradientTests
{
    public static TheoryData<string> Losses => [.. RemedyPainter.Paintable.Where(RemedyPainter.IsLoss).Select(remedy => remedy.Kind)];

    [Fact]
    public void Cross_entropy_is_the_distance_to_the_target()
    {
        var weights = Compute(new CrossEntropyLoss { Sigmoid = true }, [true, false, false], [0.7f, 0.2f, 0.01f]);
        Assert.Equal([0.3, 0.2, 0.01], weights.Select(weight => Math.Round(weight, 5)));
    }

    [Fact]
    public void Focal_loss_is_the_papers_derivative()
    {
        // alpha (1 - p)^2 (2 p ln p + p - 1) for an object with p = 0.5 and alpha = 0.25.
        var weights = Compute(new FocalLoss(), [true, false], [0.5f, 0.01f]);
        Assert.Equal(0.25 * 0.25 * Math.Abs((2 * 0.5 * Math.Log(0.5)) + 0.5 - 1), weights[0], 5);
        Assert.True(weights[1] < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Every_loss_that_can_be_painted_is_finite_and_leaves_none_out(string kind)
    {
        var loss = RecipeReader.Parse<ClassificationLoss>(Remedies.Named(kind).Recipe);
        var probabilities = Enumerable.Range(0, 200).Select(i => 0.01f + (0.94f * i / 199)).ToArray();
        var weights = Compute(loss, [.. probabilities.Select(p => p > 0.5f)], probabilities);
        Assert.All(weights, weight => Assert.True(float.IsFinite(weight) && weight >= 0));
        Assert.Contains(weights, weight => weight > 0);
        Assert.Empty(Compute(loss, [], []));
    }

    private static float[] Compute(ClassificationLoss loss, bool[] isObject, float[] probabilities)
    {
        var weights = new float[isObject.Length];
        CandidateGradient.Of(loss)(isObject, probabilities, weights);
        return weights;
    }
}
