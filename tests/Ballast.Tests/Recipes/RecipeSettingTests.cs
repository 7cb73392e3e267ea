namespace Ballast.Tests.Recipes;

public class RecipeSettingTests
{
    private static readonly DetectorProfile Profile = DetectorProfile.RetinaNet;

    [Fact]
    public void A_path_leads_through_defaults_lists_and_brackets()
    {
        var changed = Apply("assigner.positiveIoU=0.6", "anchors.levels[1].sizes=[20, 30]", "anchors.levels.0.name=finest", "input.short=240");
        Assert.Equal(0.6f, changed.Assigner.PositiveIoU);
        Assert.Equal([20, 30], changed.Anchors.Levels[1].Sizes);
        Assert.Equal("finest", changed.Anchors.Levels[0].Name);
        Assert.Equal(240, changed.Input.Short);
        Assert.Equal(Profile.Input.Long, changed.Input.Long);
    }

    [Fact]
    public void A_type_replaces_the_whole_object_by_that_kinds_defaults()
    {
        var start = Profile with { Anchors = Profile.Anchors with { Rule = new ExactAnchors { CenterOffsetFraction = 0.5f } } };
        Assert.Equal(new DefaultBoxes(), RecipeSetting.Apply(start, [RecipeSetting.Parse("anchors.rule.type=default-boxes")]).Anchors.Rule);
        Assert.Equal(new ExactAnchors(), RecipeSetting.Apply(start, [RecipeSetting.Parse("anchors.rule.type=exact")]).Anchors.Rule);
        Assert.Equal(new RoundedAnchors(), RecipeSetting.Apply(start, [RecipeSetting.Parse("anchors.rule=rounded")]).Anchors.Rule);
        Assert.Equal(0.25f, Assert.IsType<ExactAnchors>(Apply("anchors.rule.type=exact", "anchors.rule.centerOffsetFraction=0.25").Anchors.Rule).CenterOffsetFraction);
    }

    [Fact]
    public void Text_needs_no_quotes_and_a_number_stays_text_where_text_is_meant()
    {
        Assert.Equal("2012", Apply("name=2012").Name);
        Assert.Equal("a, b = c", Apply("name=a, b = c").Name);
        Assert.Equal("x", Apply("name=\"x\"").Name);
    }

    [Theory]
    [InlineData("assignr.positiveIoU=0.6", "'--set assignr.positiveIoU=0.6', assignr", "did you mean 'assigner'?")]
    [InlineData("assigner.positiveIou=0.6", "'--set assigner.positiveIou=0.6', assigner.positiveIou", "did you mean 'positiveIoU'?")]
    [InlineData("assigner.positiveIoU=2", "assigner.positiveIoU", "must be a fraction from 0 to 1")]
    [InlineData("anchors.rule.type=roundd", "anchors.rule", "did you mean 'rounded'?")]
    [InlineData("anchors.levels[9].stride=4", "anchors.levels.9", "write 0 to 4")]
    [InlineData("name.x=4", "name", "has no members")]
    [InlineData("assigner.positiveIoU=many", "assigner.positiveIoU", "is no number")]
    public void A_wrong_word_is_answered_with_the_setting_the_member_and_the_right_word(string setting, string place, string rule)
    {
        var error = Assert.Throws<InputException>(() => Apply(setting));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("line", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("novalue")]
    [InlineData("=3")]
    [InlineData("a..b=3")]
    public void What_sets_nothing_is_refused(string text) => Assert.Throws<InputException>(() => RecipeSetting.Parse(text));

    [Fact]
    public void A_grid_has_every_combination_and_the_last_variation_changes_fastest()
    {
        var cells = RecipeGrid.Of(Profile, ["input.short=240,480", "anchors.rule.type=rounded,exact,default-boxes"], _ => { });
        Assert.Equal(6, cells.Count);
        Assert.Equal("input.short=240, anchors.rule.type=exact", cells[1].Name);
        Assert.Equal((480, new DefaultBoxes()), (cells[5].Recipe!.Input.Short, cells[5].Recipe!.Anchors.Rule));
    }

    [Fact]
    public void Cells_that_contradict_themselves_have_a_reason_and_no_recipe()
    {
        var cells = RecipeGrid.Of(Profile, ["assigner.negativeIoU=0.4,0.6", "assigner.positiveIoU=0.5,0.7"], profile => profile.Assigner.Validate());
        Assert.Equal([true, true, false, true], cells.Select(cell => cell.Recipe is not null));
        Assert.Contains("above PositiveIoU", cells[2].Refusal, StringComparison.Ordinal);
        var rules = RecipeGrid.Of(Profile, ["anchors.rule.type=rounded,exact", "anchors.rule.centerOffsetFraction=0.25,0.5"], _ => { });
        Assert.Equal([false, false, true, true], rules.Select(cell => cell.Recipe is not null));
    }

    [Theory]
    [InlineData("input.shrt=1,2", "did you mean 'short'?")]
    [InlineData("input.short=240", "nothing varies")]
    [InlineData("input.short=240,240", "given twice")]
    [InlineData("input.short=240,wide", "is no whole number")]
    public void A_variation_that_is_wrong_everywhere_is_an_error(string variation, string rule)
        => Assert.Contains(rule, Assert.Throws<InputException>(() => RecipeGrid.Of(Profile, [variation], _ => { })).Message, StringComparison.Ordinal);

    [Fact]
    public void Commas_inside_brackets_belong_to_a_value()
    {
        var cells = RecipeGrid.Of(Profile, ["anchors.levels[0].sizes=[16,20],[24]"], _ => { });
        Assert.Equal([2, 1], cells.Select(cell => cell.Recipe!.Anchors.Levels[0].Sizes.Count));
    }

    private static DetectorProfile Apply(params string[] settings) => RecipeSetting.Apply(Profile, settings.Select(RecipeSetting.Parse));
}
