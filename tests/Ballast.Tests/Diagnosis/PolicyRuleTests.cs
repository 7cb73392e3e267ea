using CsCheck;

namespace Ballast.Tests;

public class PolicyRuleTests
{
    private static readonly Gen<PolicyRule> Rules = Gen.Select(
        Gen.Int[0, 2],
        Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 1, 8], Gen.String[Gen.Char["ab :\"\\*<=%é中\t"], 0, 6]),
        OneOf("ratio", "boxes", "location.kl", "flaws.duplicate-box", "class"),
        Gen.Enum<PolicyComparison>(),
        Gen.Double[-1e6, 1e6].Select(Gen.Int[0, 3], (value, digits) => digits == 3 ? value : Math.Round(value, digits)),
        Gen.Bool,
        (scope, name, measure, comparison, limit, percent) => new PolicyRule
        {
            EveryClass = scope == 1,
            Class = scope == 2 ? name : null,
            Measure = measure,
            Comparison = comparison,
            Limit = percent ? limit / 100 : limit,
            Percent = percent,
        });

    [Fact]
    public void A_rule_that_is_written_and_read_is_equal() => Rules.Sample(rule => Assert.Equal(rule, PolicyRule.Parse(rule.ToString())));

    [Fact]
    public void Any_text_is_a_rule_or_gets_a_sentence()
    {
        var words = Gen.OneOf(OneOf("class", "class *:", "ratio", "<=", "=", "!=", "5", "1e3", "%", ":", "\"", "\\", " ", "."), Gen.String[Gen.Char, 0, 3]);
        words.Array[0, 8].Sample(parts =>
        {
            var text = string.Concat(parts);
            try
            {
                var rule = PolicyRule.Parse(text);
                Assert.Equal(rule, PolicyRule.Parse(rule.ToString()));
            }
            catch (InputException e)
            {
                Assert.StartsWith($"'{text}' is no rule: ", e.Message);
            }
        });
    }

    [Theory]
    [InlineData("ratio <= 50", null, false, "ratio", PolicyComparison.AtMost, 50)]
    [InlineData("ratio<=50", null, false, "ratio", PolicyComparison.AtMost, 50)]
    [InlineData("  flaws.duplicate-box  ==  0 ", null, false, "flaws.duplicate-box", PolicyComparison.Equal, 0)]
    [InlineData("class Platelets: boxes >= 300", "Platelets", false, "boxes", PolicyComparison.AtLeast, 300)]
    [InlineData("class traffic light: boxes > 1e2", "traffic light", false, "boxes", PolicyComparison.Above, 100)]
    [InlineData("class \"a:\\\"b\\\\\": share < 80 %", "a:\"b\\", false, "share", PolicyComparison.Below, 0.8)]
    [InlineData("class *: matched >= 0.8", null, true, "matched", PolicyComparison.AtLeast, 0.8)]
    [InlineData("class \"*\": images != 0", "*", false, "images", PolicyComparison.NotEqual, 0)]
    [InlineData("classes >= 2", null, false, "classes", PolicyComparison.AtLeast, 2)]
    public void Rules_are_read(string text, string? name, bool every, string measure, PolicyComparison comparison, double limit)
    {
        var rule = PolicyRule.Parse(text);
        Assert.Equal((name, every, measure, comparison, limit), (rule.Class, rule.EveryClass, rule.Measure, rule.Comparison, rule.Limit));
    }

    [Theory]
    [InlineData("", "the name of a measure is missing")]
    [InlineData("ratio", "a comparison is missing after the measure")]
    [InlineData("ratio ~ 5", "a comparison is missing after the measure")]
    [InlineData("ratio <=", "the limit is missing")]
    [InlineData("ratio <= many", "'many' is no number")]
    [InlineData("ratio <= NaN", "'NaN' is no number")]
    [InlineData("ratio <= 1e999", "'1e999' is no number")]
    [InlineData("ratio <= 5 or so", "'or so' is left over")]
    [InlineData("class Platelets boxes >= 5", "a colon is missing after the class")]
    [InlineData("class : boxes >= 5", "the class is missing before the colon")]
    [InlineData("class \"a: boxes >= 5", "the closing quote of the class is missing")]
    public void What_is_no_rule_gets_a_sentence(string text, string sentence) => Assert.Contains(sentence, Assert.Throws<InputException>(() => PolicyRule.Parse(text)).Message);

    [Theory]
    [InlineData("x <= 5", 5, true)]
    [InlineData("x < 5", 5, false)]
    [InlineData("x >= 5", 5, true)]
    [InlineData("x > 5", 5, false)]
    [InlineData("x = 5", 5, true)]
    [InlineData("x != 5", 5, false)]
    [InlineData("x <= 5", double.PositiveInfinity, false)]
    [InlineData("x != 5", double.NaN, false)]
    [InlineData("x <= 5", double.NaN, false)]
    public void A_value_is_held_against_the_limit(string rule, double value, bool holds) => Assert.Equal(holds, PolicyRule.Parse(rule).Holds(value));

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);
}
