namespace Ballast.Tests.Evaluation;

public class ErrorBreakdownTests
{
    private const double Points = 101;

    [Fact]
    public void Every_kind_of_error_occurs_once_and_costs_what_a_hand_computes()
    {
        // Class a has three objects, b one. By score, all detections of class a:
        //   0.95 nothing there                         Background
        //   0.90 fits the first a                      hit
        //   0.80 fits the first a, which is taken      Duplicate
        //   0.70 IoU 0.4 with the second a             Localization (nothing else finds it)
        //   0.60 fits the b                            Classification (nothing else finds it)
        //   0.50 IoU 0.3 with the b                    Both
        // The third a has nothing near it               Miss
        var errors = ErrorBreakdown.Of(OneOfEach().Evaluate());
        Assert.All(errors.Errors, figure => Assert.Equal(1, figure.Count));

        // As it is: a has precision 1/2 at its hit and recall 1/3, which holds the 34 recalls 0 to 0.33; b has nothing.
        Assert.Equal(17 / Points / 2, errors.AP, 12);

        // Classification: b is found at precision 1: (17/101 + 1) / 2.
        AssertCost(errors, ErrorKind.Classification, 0.5);
        // Localization: second hit at precision 2/4, recall 2/3: 67 recalls at 1/2.
        AssertCost(errors, ErrorKind.Localization, (33.5 - 17) / Points / 2);
        // Both and Duplicate stand below the only hit: nothing is won.
        AssertCost(errors, ErrorKind.Both, 0);
        AssertCost(errors, ErrorKind.Duplicate, 0);
        // Background: the hit comes first: 34 recalls at 1.
        AssertCost(errors, ErrorKind.Background, 17 / Points / 2);
        // Miss: two objects of a, recall 1/2: 51 recalls at 1/2.
        AssertCost(errors, ErrorKind.Miss, (25.5 - 17) / Points / 2);

        // No false alarms at all: 34 recalls at 1. Only what was found: a at 1/2 everywhere, b has neither objects nor detections left.
        Assert.Equal(17 / Points / 2, errors.FalseAlarmCost, 12);
        Assert.Equal(0.5 - (17 / Points / 2), errors.MissCost, 12);
    }

    [Fact]
    public void Mending_one_kind_after_the_other_wins_everything()
    {
        var errors = ErrorBreakdown.Of(OneOfEach().Evaluate());
        double[] steps =
        [
            0.5,                                       // b found
            (33.5 - 17) / Points / 2,                  // a: hits at 1/2 and 2/4
            0,                                         // stands below
            ((67 * 2.0 / 3) - 33.5) / Points / 2,      // a: without the duplicate 2/3 for 67 recalls
            (67 - (67 * 2.0 / 3)) / Points / 2,        // a: 1 for 67 recalls
            (101 - 67) / Points / 2,                   // a: two objects, both found
        ];
        for (var kind = 0; kind < steps.Length; kind++) Assert.Equal(steps[kind], errors.Errors[kind].StepCost, 12);
        Assert.Equal(1, errors.AP + errors.Errors.Sum(figure => figure.StepCost), 12);
    }

    [Fact]
    public void Of_two_loose_boxes_on_one_object_only_the_surer_becomes_its_hit()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 100, 100).Found(0, 0, 0, 0, 100, 40, 0.9).Found(0, 0, 0, 0, 100, 45, 0.8);
        var errors = ErrorBreakdown.Of(scene.Evaluate());
        Assert.Equal(2, errors.Errors[(int)ErrorKind.Localization].Count);
        Assert.Equal(0, errors.Errors[(int)ErrorKind.Miss].Count);
        AssertCost(errors, ErrorKind.Localization, 1);
    }

    [Fact]
    public void A_loose_box_on_an_object_that_was_found_is_only_taken_away()
    {
        // The loose box comes first, so taking it away lifts precision from 1/2 to 1.
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 100, 100).Found(0, 0, 0, 0, 100, 40, 0.9).Found(0, 0, 0, 0, 100, 100, 0.8);
        var errors = ErrorBreakdown.Of(scene.Evaluate());
        Assert.Equal(0.5, errors.AP, 12);
        AssertCost(errors, ErrorKind.Localization, 0.5);
    }

    [Fact]
    public void What_lies_on_a_crowd_is_no_error()
    {
        var scene = Scene.With(1, 1).Object(0, 0, 0, 0, 100, 100).Object(0, 0, 300, 0, 200, 200, BoxMarks.Crowd).Found(0, 0, 310, 10, 50, 50, 0.95).Found(0, 0, 0, 0, 100, 100, 0.9);
        var errors = ErrorBreakdown.Of(scene.Evaluate());
        Assert.Equal(1, errors.AP, 12);
        Assert.All(errors.Errors, figure => Assert.Equal(0, figure.Count));
    }

    [Fact]
    public void Errors_of_the_slices_of_an_axis_add_up()
    {
        var scene = RandomScene.Draw(new(ObjectsPerImage: 2, Found: 0.6), 60, new Random(3), classes: 4);
        var errors = ErrorBreakdown.Of(scene.Evaluate());
        Assert.Equal([EvaluationAxis.ClassFrequency, EvaluationAxis.Size, EvaluationAxis.PyramidLevel, EvaluationAxis.Zone, EvaluationAxis.Crowding], errors.Axes.Select(axis => axis.By));
        foreach (var axis in errors.Axes)
        {
            foreach (var kind in Enum.GetValues<ErrorKind>())
                Assert.Equal(errors.Errors[(int)kind].Count, axis.Slices.Sum(slice => slice.Errors[(int)kind].Count));
        }
    }

    [Fact]
    public void Misses_of_a_size_are_counted_at_that_size_and_cost_what_they_cost()
    {
        // One large object found, one small one missed; both of class a.
        var scene = Scene.With(1, 2).Object(0, 0, 0, 0, 300, 300).Object(1, 0, 0, 0, 10, 10).Found(0, 0, 0, 0, 300, 300, 0.9);
        var errors = ErrorBreakdown.Of(scene.Evaluate());
        var sizes = errors.Axes.Single(axis => axis.By == EvaluationAxis.Size).Slices;
        Assert.Equal(1, sizes[0].Errors[(int)ErrorKind.Miss].Count);
        Assert.Equal(50 / Points, sizes[0].Cost, 12);
        Assert.All(sizes.Skip(1), slice => Assert.Equal(0, slice.Cost));
    }

    [Fact]
    public void Without_truth_or_detections_nothing_costs_anything()
    {
        Assert.Equal(double.NaN, ErrorBreakdown.Of(Scene.With(1, 1).Evaluate()).AP);
        var missed = ErrorBreakdown.Of(Scene.With(1, 1).Object(0, 0, 0, 0, 10, 10).Evaluate());
        Assert.Equal(0, missed.AP);
        Assert.Equal(1, missed.Errors[(int)ErrorKind.Miss].Count);
        Assert.Equal(1, ErrorBreakdown.Of(Scene.With(1, 1).Found(0, 0, 0, 0, 10, 10, 0.5).Evaluate()).Errors[(int)ErrorKind.Background].Count);
    }

    private static Scene OneOfEach() => Scene.With(2, 3)
        .Object(0, 0, 0, 0, 100, 100).Object(1, 0, 0, 0, 100, 100).Object(2, 0, 0, 0, 100, 100).Object(1, 1, 300, 0, 100, 100)
        .Found(0, 0, 500, 300, 50, 50, 0.95).Found(0, 0, 0, 0, 100, 100, 0.9).Found(0, 0, 0, 0, 100, 100, 0.8)
        .Found(1, 0, 0, 0, 100, 40, 0.7).Found(1, 0, 300, 0, 100, 100, 0.6).Found(1, 0, 300, 0, 100, 30, 0.5);

    private static void AssertCost(ErrorBreakdown errors, ErrorKind kind, double cost) => Assert.Equal(cost, errors.Errors[(int)kind].Cost, 12);
}
