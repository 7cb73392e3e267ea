using Ballast.Training;

namespace Ballast.Tests.Recipes;

public class RecipeDifferenceTests
{
    [Fact]
    public void Members_that_differ_are_named_as_set_names_them()
    {
        var first = new TrainingRecipe();
        var second = RecipeSetting.Apply(first, [RecipeSetting.Parse("training.epochs=7"), RecipeSetting.Parse("detector.profile.anchors.levels[1].stride=8"), RecipeSetting.Parse("data=a.json")]);
        Assert.Equal(
            ["detector.profile.anchors.levels[1].stride 16 -> 8", "training.epochs 12 -> 7", "data absent -> \"a.json\""],
            RecipeDifference.Between(first, second).Select(difference => difference.ToString()).OrderByDescending(text => text.StartsWith("detector", StringComparison.Ordinal)).ThenByDescending(text => text.StartsWith("training", StringComparison.Ordinal)));
        Assert.Empty(RecipeDifference.Between(first, first with { }));
    }

    [Fact]
    public void Where_kinds_differ_nothing_below_is_said()
    {
        var first = new TrainingRecipe();
        var second = RecipeSetting.Apply(first, [RecipeSetting.Parse("detector.boxLoss.type=smooth-l1")]);
        Assert.Equal("detector.boxLoss.type \"l1\" -> \"smooth-l1\"", Assert.Single(RecipeDifference.Between(first, second)).ToString());
    }
}
