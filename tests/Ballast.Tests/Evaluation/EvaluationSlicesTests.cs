namespace Ballast.Tests.Evaluation;

public class EvaluationSlicesTests
{
    [Fact]
    public void A_slice_measures_its_own_objects_only()
    {
        // Large objects are found, small ones are not; a false alarm of small size comes first.
        var scene = Scene.With(1, 2).Object(0, 0, 0, 0, 300, 300).Object(1, 0, 0, 0, 10, 10).Found(0, 0, 400, 300, 12, 12, 0.95).Found(0, 0, 0, 0, 300, 300, 0.9);
        var sizes = EvaluationSlices.Of(scene.Evaluate()).Of(EvaluationAxis.Size)!;
        Assert.Equal(1, sizes.Slices[^1].AP, 12);
        Assert.Equal(0, sizes.Slices[0].AP);
        Assert.Equal(double.NaN, sizes.Slices[2].AP);
        Assert.Equal([1, 0, 0, 0, 0, 1], sizes.Slices.Select(slice => slice.Objects));
    }

    [Fact]
    public void The_cost_of_an_axis_is_the_shortfall_times_the_share()
    {
        // Three large objects found, one small one not: the small quarter falls short by 1.
        var scene = Scene.With(1, 4).Object(3, 0, 0, 0, 10, 10);
        for (var image = 0; image < 3; image++) scene.Object(image, 0, 0, 0, 300, 300).Found(image, 0, 0, 0, 300, 300, 0.9);
        var sizes = EvaluationSlices.Of(scene.Evaluate()).Of(EvaluationAxis.Size)!;
        Assert.Equal(5, sizes.Reference);
        Assert.Equal(0.25, sizes.Cost, 12);
    }

    [Fact]
    public void Zones_levels_and_crowds_are_told_apart()
    {
        // 640 x 480: middle ninth, an edge, a corner.
        var scene = Scene.With(1, 1).Object(0, 0, 300, 220, 40, 40).Object(0, 0, 300, 0, 40, 40).Object(0, 0, 0, 0, 40, 40);
        var slices = EvaluationSlices.Of(scene.Evaluate());
        Assert.Equal([1, 1, 1], slices.Of(EvaluationAxis.Zone)!.Slices.Select(slice => slice.Objects));
        Assert.Equal([3, 0, 0], slices.Of(EvaluationAxis.Crowding)!.Slices.Select(slice => slice.Objects));
        // 480 px become 800: 40 px are 67 px, between P3 (about 40) and P4 (about 80).
        Assert.Equal([0, 3, 0, 0, 0], slices.Of(EvaluationAxis.PyramidLevel)!.Slices.Select(slice => slice.Objects));
    }

    [Fact]
    public void Level_and_zone_are_missing_when_the_size_of_an_image_is_not_known()
    {
        var scene = new Scene();
        scene.AddClass("a");
        scene.AddImage(1, 0, 0);
        scene.Object(0, 0, 0, 0, 10, 10);
        var slices = EvaluationSlices.Of(scene.Evaluate());
        Assert.Null(slices.Of(EvaluationAxis.Zone));
        Assert.Null(slices.Of(EvaluationAxis.PyramidLevel));
        Assert.NotNull(slices.Of(EvaluationAxis.Size));
    }

    [Fact]
    public void Classes_are_rare_common_and_frequent_as_LVIS_says_where_that_parts_them()
    {
        var groups = FrequencyGroups.By([10, 11, 100, 101, 0], "set");
        Assert.Equal([Frequency.Rare, Frequency.Common, Frequency.Common, Frequency.Frequent, null], groups.Of);
        Assert.Equal(Frequency.Rare, groups.Rarest);
        Assert.Contains("LVIS", groups.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_LVIS_parts_nothing_classes_are_parted_into_thirds()
    {
        Assert.Equal([Frequency.Frequent, Frequency.Common, Frequency.Rare], FrequencyGroups.By([900, 500, 200], "set").Of);
        Assert.Equal([Frequency.Frequent, Frequency.Rare], FrequencyGroups.By([900, 200], "set").Of);
        Assert.Equal([Frequency.Frequent, Frequency.Frequent], FrequencyGroups.By([200, 200], "set").Of);
        Assert.Null(FrequencyGroups.By([], "set").Rarest);
    }

    [Fact]
    public void A_training_set_decides_by_class_name()
    {
        var truth = new Scene();
        truth.AddClass("boat");
        truth.AddClass("car");
        truth.AddImage(1);
        var training = new Scene();
        training.AddClass("car");
        training.AddClass("boat");
        for (var i = 0; i < 30; i++) training.Object(training.AddImage(i + 1), 0, 0, 0, 9, 9);
        training.Object(0, 1, 0, 0, 9, 9);
        Assert.Equal([Frequency.Rare, Frequency.Common], FrequencyGroups.By(truth.Dataset(), training.Dataset()).Of);
    }

    [Fact]
    public void Means_that_weigh_classes_otherwise_stand_beside_the_usual_one()
    {
        // Class 0: 9 objects, all found; class 1: 1 object, not found.
        var scene = Scene.With(2, 10);
        for (var image = 0; image < 9; image++) scene.Object(image, 0, 0, 0, 50, 50).Found(image, 0, 0, 0, 50, 50, 0.9);
        scene.Object(9, 1, 0, 0, 50, 50);
        var balance = ClassBalance.Of(scene.Evaluate());
        Assert.Equal(0.5, balance.Mean, 12);
        Assert.Equal(0.9, balance.ObjectWeighted, 12);
        Assert.Equal(0, balance.Worst);
        Assert.Equal(1, balance.WorstClass);
        Assert.Equal(-1, ClassBalance.Of(Scene.With(2, 1).Evaluate()).WorstClass);
    }
}
