using System.Text.Json;
using Ballast.Cli;

namespace Ballast.Tests.Cli;

public class RemediesCommandTests
{
    [Fact]
    public void The_list_goes_by_imbalance_in_the_articles_order()
    {
        var run = CliRun.Of("remedies");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Equal("", run.Error);
        var headings = run.Lines.Where(line => line.Length > 0 && line[0] != ' ' && line.EndsWith(')')).ToArray();
        Assert.Equal(Imbalance.All.Select(imbalance => $"{imbalance.Family}: {imbalance.Subject} ({imbalance.Id})"), headings);
        Assert.All(Remedies.All, remedy => Assert.Contains(run.Lines, line => line.StartsWith($"  {remedy.Kind} ", StringComparison.Ordinal)));
        Assert.All(run.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("scale", "scale-box", "scale-level")]
    [InlineData("class", "class-background", "class-foreground")]
    [InlineData("regression-loss", "regression-loss")]
    public void A_family_or_one_imbalance_may_be_asked_for(string word, params string[] shown)
    {
        using var json = JsonDocument.Parse(CliRun.Of("remedies", "--imbalance", word, "--json").Output);
        var expected = shown.SelectMany(id => Remedies.Of(Imbalance.Named(id)[0])).Select(remedy => remedy.Kind);
        Assert.Equal(expected, json.RootElement.EnumerateArray().Select(remedy => remedy.GetProperty("kind").GetString()));
    }

    [Fact]
    public void One_remedy_is_shown_with_all_that_is_known_of_it()
    {
        var run = CliRun.Of("remedies", "focal");
        Assert.Equal(ExitCode.Done, run.Code);
        string[] expected =
        [
            "focal loss (focal)",
            "  formula    FL = -alpha_t (1 - p_t)^gamma ln p_t",
            "  recipe     \"classificationLoss\": { \"type\": \"focal\", \"gamma\": 2, \"alpha\": 0.25 }",
            "  code       new FocalLoss { Gamma = 2, Alpha = 0.25f }",
            "  page       docs/remedies/focal.md",
            "  gamma = 2",
            "    number, 0 or more. How strongly easy candidates are weighed down; 0 is cross",
        ];
        Assert.All(expected, line => Assert.Contains(line, run.Lines));
    }

    [Fact]
    public void Quiet_leaves_the_rows_for_scripts()
        => Assert.Equal(Remedies.Of(Imbalance.Objective).Select(remedy => remedy.Kind), CliRun.Of("remedies", "--imbalance", "objective", "-q").Lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]));

    [Fact]
    public void Colour_and_unicode_are_used_where_the_terminal_has_them_only()
    {
        Assert.Contains("\u001b[", CliRun.In(CliRun.Plain with { Color = true }, "remedies", "focal").Output);
        Assert.DoesNotContain("\u001b[", CliRun.Of("remedies", "focal").Output);
        Assert.All(CliRun.In(CliRun.Plain with { Unicode = false }, "remedies").Output, letter => Assert.True(letter < 128));
    }

    [Fact]
    public void Every_remedy_can_be_shown_on_a_narrow_terminal()
        => Assert.All(Remedies.All, remedy => Assert.Equal(ExitCode.Done, CliRun.In(CliRun.Plain with { Width = 40 }, "remedies", remedy.Kind).Code));
}
