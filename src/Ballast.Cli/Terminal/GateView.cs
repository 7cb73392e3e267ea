using System.Text.Json;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary>What <c>ballast check</c> prints: a line for each rule that fails or one that says that all hold, and the flaws where they are asked for.</summary>
internal sealed class GateView(Terminal terminal, DetectionDataset data, PolicyResult? result, bool listsFlaws)
{
    /// <summary>For people. Lines are not wrapped: a rule is a line, a flaw is a line.</summary>
    public void Write()
    {
        if (listsFlaws) WriteFlaws();
        if (result is not null) WriteRules(result);
    }

    /// <summary>For programs.</summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        result?.WriteTo(writer);
        if (listsFlaws) WriteFlaws(writer);
        writer.WriteEndObject();
    }

    private void WriteRules(PolicyResult outcome)
    {
        foreach (var rule in outcome.Failed)
        {
            var remedy = rule.Remedy.Length > 0 ? $". {rule.Remedy}" : "";
            terminal.Mark("FAIL", new(Color.Red, decoration: Decoration.Bold), $"  {rule.Finding}{remedy}");
        }

        if (outcome.Passed) terminal.Mark("PASS", new(Color.Green), $"  {data.Name} holds to {Count(outcome.Rules.Count, "rule", "rules")}");
        else terminal.Line($"{data.Name} fails {outcome.Failed.Count():N0} of {Count(outcome.Rules.Count, "rule", "rules")}");
    }

    private void WriteFlaws()
    {
        foreach (var flaw in data.Flaws.Listed) terminal.Line(flaw.ToString());
        foreach (var (code, count) in data.Flaws.ByCode)
        {
            var unlisted = count > FlawList.ListedPerCode ? $"; the first {FlawList.ListedPerCode:N0} are listed" : "";
            terminal.Line($"{count,9:N0}  {code.Code} ({code.Severity.ToString().ToLowerInvariant()}{unlisted})");
        }

        if (data.Flaws.Count == 0) terminal.Line($"{data.Name}: no flaw");
    }

    private void WriteFlaws(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("flaws");
        foreach (var (code, count) in data.Flaws.ByCode)
        {
            writer.WriteStartObject();
            writer.WriteString("code", code.Code);
            writer.WriteString("severity", code.Severity.ToString().ToLowerInvariant());
            writer.WriteString("meaning", code.Meaning);
            writer.WriteNumber("count", count);
            writer.WriteStartArray("listed");
            foreach (var flaw in data.Flaws.Listed.Where(flaw => flaw.Code == code)) Write(writer, flaw);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Flaw flaw)
    {
        writer.WriteStartObject();
        writer.WriteString("file", flaw.File);
        if (flaw.Line > 0) writer.WriteNumber("line", flaw.Line);
        writer.WriteString("subject", flaw.Subject);
        if (flaw.Detail.Length > 0) writer.WriteString("detail", flaw.Detail);
        writer.WriteEndObject();
    }

    private static string Count(long count, string one, string many) => $"{count:N0} {(count == 1 ? one : many)}";
}
