using System.Text;
using System.Text.Json;

namespace Ballast.Tests;

public class PolicyTests
{
    private static readonly Diagnosis Sample = Diagnosis.Of(MadeData.WithCounts([200, 50, 20]));

    [Theory]
    [InlineData("ratio <= 10", true)]
    [InlineData("ratio <= 9.9", false)]
    [InlineData("class-foreground.ratio = 10", true)]
    [InlineData("boxes = 270", true)]
    [InlineData("images = 50", true)]
    [InlineData("classes = 3", true)]
    [InlineData("empty-classes = 0", true)]
    [InlineData("ignored = 0", true)]
    [InlineData("flaws = 0", true)]
    [InlineData("flaws.duplicate-box = 0", true)]
    [InlineData("class c2: boxes >= 20", true)]
    [InlineData("class c2: boxes >= 21", false)]
    [InlineData("class c0: share > 74 %", true)]
    [InlineData("class c2: images = 20", true)]
    [InlineData("class c2: frequency = 40 %", true)]
    [InlineData("class *: boxes >= 20", true)]
    [InlineData("class *: boxes >= 60", false)]
    [InlineData("matched >= 0", true)]
    [InlineData("class *: matched >= 0", true)]
    public void Rules_hold_or_do_not(string rule, bool holds) => Assert.Equal(holds, Check(rule).Passed);

    [Fact]
    public void What_fails_is_said_with_its_value_interval_limit_and_remedy()
    {
        var failed = Assert.Single(Check("ratio <= 5", "boxes > 0").Failed);
        Assert.Matches(@"^ratio <= 5: it is 10( \(95 %: [\d.]+ to [\d.]+\))?$", failed.Finding);
        Assert.NotEqual("", failed.Remedy);
    }

    [Fact]
    public void Classes_that_fail_are_named_worst_first()
    {
        var rule = Assert.Single(Check("class *: boxes >= 60").Rules);
        Assert.StartsWith("class *: boxes >= 60: 2 of 3 classes fail: c2 20", rule.Finding);
        Assert.Contains(", c1 50", rule.Finding);
        Assert.Equal([true, false, false], rule.Cases.Select(each => each.Holds));
    }

    [Fact]
    public void A_value_that_is_not_defined_fails_and_says_why()
    {
        var empty = Diagnosis.Of(MadeData.Of(["a", "b"], [new(10, 10)]));
        Assert.Contains("has no value", Assert.Single(Policy("ratio <= 5").Check(empty).Failed).Finding);
        Assert.Contains("has no value (there is no object)", Assert.Single(Policy("class a: share <= 1").Check(empty).Failed).Finding);
        Assert.Contains("the data set has no class 'c22'; did you mean 'c2'?", Assert.Single(Check("class c22: boxes >= 0").Failed).Finding);
        var without = Diagnosis.Of(MadeData.WithCounts([20, 20]), new DiagnosisOptions { Anchors = false });
        Assert.Contains("--no-anchors", Assert.Single(Policy("best-possible-recall >= 0.9").Check(without).Failed).Finding);
    }

    [Fact]
    public void A_measure_that_is_not_known_is_bad_input_with_the_nearest_and_all()
    {
        var message = Assert.Throws<InputException>(() => Check("evennes >= 0.7")).Message;
        Assert.Contains("'evennes' is no measure. Did you mean 'evenness'? Known are: ", message);
        Assert.Contains("empty-classes", message);
        Assert.Contains("'rato' is no measure of a class.", Assert.Throws<InputException>(() => Check("class *: rato <= 2")).Message);
        Assert.Contains("Did you mean 'flaws.duplicate-box'?", Assert.Throws<InputException>(() => Check("flaws.duplicate-boxes = 0")).Message);
    }

    [Fact]
    public void Every_measure_of_every_finding_can_be_named()
    {
        foreach (var finding in Sample.Findings)
        {
            foreach (var measure in finding.Measures) Assert.Equal(measure.Value, Assert.Single(Assert.Single(Check($"{finding.Id}.{measure.Name} > 0").Rules).Cases).Measure.Value);
        }
    }

    [Fact]
    public void Measures_a_finding_leaves_out_are_known_all_the_same()
    {
        var with = Diagnosis.Of(MadeData.WithCounts([200, 50, 20]), new DiagnosisOptions { Baseline = Sample.Summary });
        var nothing = Diagnosis.Of(MadeData.Of(["a"], []), new DiagnosisOptions { Anchors = false });
        foreach (var finding in with.Findings)
        {
            foreach (var measure in finding.Measures) Assert.Single(Policy($"{finding.Id}.{measure.Name} > 0").Check(nothing).Rules);
        }
    }

    [Fact]
    public void A_short_name_means_the_class_finding_s_measure_where_several_findings_have_it()
    {
        foreach (var measure in Sample.Finding("class-foreground").Measures)
            Assert.Equal(measure.Value, Assert.Single(Assert.Single(Check($"{measure.Name} > 0").Rules).Cases).Measure.Value);
    }

    [Fact]
    public void Drift_needs_a_baseline()
    {
        Assert.Contains("baseline", Assert.Single(Check("drift <= 0.05").Failed).Finding);
        var with = Diagnosis.Of(MadeData.WithCounts([200, 50, 20]), new DiagnosisOptions { Baseline = Sample.Summary });
        Assert.True(Policy("drift <= 0.05").Check(with).Passed);
    }

    [Fact]
    public void Leaks_are_undefined_when_there_are_parts_and_no_images_to_compare()
    {
        Assert.True(Check("leaks = 0").Passed);
        var parts = Diagnosis.Of(MadeData.Of(["a"], Enumerable.Range(0, 20).Select(i => new MadeData.Image(64, 64, (0, 1, 1, 9, 9)) { Part = i < 10 ? "train" : "val" })));
        Assert.Contains("name their folder with --images", Assert.Single(Policy("leaks = 0").Check(parts).Failed).Finding);
    }

    [Fact]
    public void Only_rules_about_anchors_need_anchors()
    {
        Assert.False(Policy("ratio <= 5", "class *: boxes >= 5").NeedsAnchors);
        Assert.True(Policy("ratio <= 5", "class *: matched >= 0.5").NeedsAnchors);
        Assert.False(Policy("scale-box.under8 <= 0", "flaws.duplicate-box = 0").NeedsAnchors);
        Assert.True(Policy("iou-distribution.best-possible-recall >= 0.5").NeedsAnchors);
    }

    [Fact]
    public void A_policy_is_a_file_with_comments()
    {
        var policy = Ballast.Policy.Parse("{ // why\n \"rules\": [\"ratio <= 50\", \"class *: boxes >= 50\",] }");
        Assert.Equal(Policy("ratio <= 50", "class *: boxes >= 50"), policy);
        Assert.Equal(policy, Ballast.Policy.Parse(policy.ToJson()));
    }

    [Theory]
    [InlineData("{ \"rules\": [\n\"ratio <= 5\",\n\"ratio\"] }", "line 3, rules[1]: 'ratio' is no rule")]
    [InlineData("{ \"rules\": [5] }", "line 1, rules[0]: a rule is a text")]
    [InlineData("{ \"rule\": [] }", "did you mean 'rules'?")]
    [InlineData("{ \"rules\": [", "is not JSON")]
    [InlineData("{ }", "'rules' is missing")]
    public void A_policy_that_cannot_be_read_names_the_line(string json, string sentence)
        => Assert.Contains(sentence, Assert.Throws<InputException>(() => Ballast.Policy.Parse(json)).Message);

    [Fact]
    public void The_sample_policy_is_one()
    {
        var policy = Ballast.Policy.Load(Path.Combine(Repository.Root, "samples", "policy.json"));
        Assert.NotEmpty(policy.Rules);
        Assert.Equal(policy.Rules.Count, policy.Check(Sample).Rules.Count);
    }

    [Fact]
    public void The_result_is_json()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            Check("ratio <= 5", "class c9: boxes > 0").WriteTo(writer);
            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray()));
        Assert.False(json.RootElement.GetProperty("passed").GetBoolean());
        var rules = json.RootElement.GetProperty("rules");
        Assert.Equal("ratio <= 5", rules[0].GetProperty("rule").GetString());
        Assert.Equal(10, rules[0].GetProperty("cases")[0].GetProperty("value").GetDouble());
        Assert.Equal(JsonValueKind.Null, rules[1].GetProperty("cases")[0].GetProperty("value").ValueKind);
        Assert.Contains("no class 'c9'", rules[1].GetProperty("cases")[0].GetProperty("why").GetString());
    }

    private static Policy Policy(params string[] rules) => new() { Rules = [.. rules.Select(PolicyRule.Parse)] };

    private static PolicyResult Check(params string[] rules) => Policy(rules).Check(Sample);
}
