using System.Text;

namespace Ballast.Tests.Recipes;

public class RecipeReaderTests
{
    [Theory]
    [InlineData("{\n \"shrt\": 5 }", "'r.json', line 2, shrt: 'shrt' is no member of InputSize; did you mean 'short'?")]
    [InlineData("{\n \"weight\": 5 }", "line 2, weight: 'weight' is no member of InputSize; known are short, long, divisor, fixed.")]
    [InlineData("{ \"short\": 5,\n\n \"short\": 6 }", "line 3, short: it is given twice; remove one.")]
    [InlineData("{ \"short\": 0 }", "line 1, short: InputSize.Short is 0; it must be 1 to 16384 pixels.")]
    [InlineData("{ \"short\": \"5\" }", "line 1, short: \"5\" is no whole number.")]
    [InlineData("{ \"short\": 5.5 }", "short: 5.5 is no whole number.")]
    [InlineData("{ \"fixed\": 1 }", "fixed: 1 is no true or false.")]
    [InlineData("{ \"short\": null }", "short: null is no value of it.")]
    [InlineData("[1]", "line 1: [1] is no object; write {...}.")]
    [InlineData("{ \"short\": 5,\n oops }", "line 2: this is not JSON:")]
    [InlineData("{ \"short\": 5 } 6", "this is not JSON:")]
    [InlineData("", "this is not JSON:")]
    public void Mistakes_are_named_with_line_member_and_way_out(string json, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InputException>(() => RecipeReader.Parse<InputSize>(json, "r.json")).Message);

    [Theory]
    [InlineData("\"ronded\"", "line 1: 'ronded' is no known kind; did you mean 'rounded'?")]
    [InlineData("{ \"type\": \"exakt\" }", "'exakt' is no known kind; did you mean 'exact'?")]
    [InlineData("{ }", "'type' is missing; known are rounded, exact, default-boxes.")]
    [InlineData("{ \"type\": 3 }", "type: it must be a word")]
    [InlineData("{ \"type\": \"exact\", \"clip\": true }", "'clip' is no member of ExactAnchors")]
    public void Unknown_kinds_are_named_with_the_nearest(string json, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InputException>(() => RecipeReader.Parse<AnchorRule>(json)).Message);

    [Theory]
    [InlineData("{ \"levels\": [ { \"name\": \"a\",\n \"stride\": 0 } ] }", "line 2, levels[0].stride: AnchorLevelOptions.Stride is 0")]
    [InlineData("{ \"levels\": [\n { \"name\": \"a\", \"stride\": 4 } ] }", "line 2, levels[0]: 'sizes', 'ratios' are missing.")]
    [InlineData("{ \"levels\": [] }", "levels: AnchorOptions.Levels is empty")]
    [InlineData("{ \"levels\": 3 }", "levels: 3 is no list; write [...].")]
    [InlineData("{ }", "'levels' is missing.")]
    public void Mistakes_deep_inside_are_found(string json, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InputException>(() => RecipeReader.Parse<AnchorOptions>(json)).Message);

    [Fact]
    public void A_member_of_another_kind_cannot_stand_for_a_concrete_record()
    {
        Assert.Contains("only 'max-iou' can", Assert.Throws<InputException>(() => RecipeReader.Parse<MaxIoUAssigner>("\"atss\"")).Message);
        Assert.Contains("'overwrte' is unknown; did you mean 'overwrite'?", Assert.Throws<InputException>(() => RecipeReader.Parse<MaxIoUAssigner>("{ \"lowQuality\": \"overwrte\" }")).Message);
    }

    [Fact]
    public void The_kind_may_stand_anywhere_in_the_object()
        => Assert.Equal(new ExactAnchors { CenterOffsetFraction = 0.5f }, RecipeReader.Parse<AnchorRule>("{ \"centerOffsetFraction\": 0.5, /* last */ \"type\": \"exact\" }"));

    [Fact]
    public void Families_are_written_with_their_kind_and_read_back()
    {
        Assigner[] assigners = [new MaxIoUAssigner { LowQuality = LowQualityRule.None, MinimumBestIoU = 0.3f }, new AtssAssigner { NearestPerLevel = 5 }];
        foreach (var assigner in assigners) Assert.Equal(assigner, RecipeReader.Parse<Assigner>(RecipeReader.ToJson(assigner)));
        var coder = new BoxCoder { Means = [0, 0, 0.1f, 0], CenterClampPixels = 32 };
        Assert.Equal(coder, RecipeReader.Parse<BoxCoder>(RecipeReader.ToJson(coder)));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal(7, RecipeReader.Parse<InputSize>([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("{\"short\":7}")], "x").Short);
}
