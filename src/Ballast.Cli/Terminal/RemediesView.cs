using System.Text.Json;
using Ballast.Training;
using Spectre.Console;

namespace Ballast.Cli;

/// <summary>The catalogue in the terminal: a table by imbalance, or one remedy with its options.</summary>
internal sealed class RemediesView(Terminal terminal)
{
    private const int Indent = 2;
    private const int LabelWidth = 11;
    private const int FamilyWidth = 20;
    private const int WidthWithFamily = 100;

    /// <summary>Kinds are what a person types, so they are never cut.</summary>
    private static readonly int KindWidth = Remedies.All.Max(remedy => remedy.Kind.Length) + 2;

    /// <summary>A table for each imbalance; without a heading line when quiet, for scripts that cut columns.</summary>
    public void WriteList(IReadOnlyList<Imbalance> imbalances)
    {
        foreach (var imbalance in imbalances)
        {
            Remedy[] remedies = [.. Remedies.Of(imbalance)];
            if (!terminal.Quiet) WriteHeading(imbalance, remedies.Length == 0);
            foreach (var remedy in remedies) WriteRow(remedy);
            if (!terminal.Quiet) terminal.Line();
        }

        if (!terminal.Quiet) terminal.Lines(terminal.Render(terminal.Text("ballast remedies KIND shows one with its options; (=) is what the others of its family are compared with.")));
    }

    /// <summary>One remedy: what it is against, formula, when it helps and harms, recipe, code, paper, options.</summary>
    public void WriteOne(Remedy remedy)
    {
        terminal.Lines(terminal.Render(terminal.Text($"{remedy.Title} ({remedy.Kind})", new(decoration: Decoration.Bold))));
        terminal.Line();
        Field("against", $"{remedy.Imbalance.Family}: {remedy.Imbalance.Subject} (ballast remedies --imbalance {remedy.Imbalance.Id})");
        Field("family", remedy.Family.Name + (remedy.IsBaseline ? "; what the others are compared with" : ""));
        Field("formula", remedy.Formula);
        Field("helps", remedy.Helps);
        Field("harms", remedy.Harms);
        Copied("recipe", remedy.RecipeLine.Length > 0 ? remedy.RecipeLine : "from code only");
        Copied("code", remedy.Code);
        foreach (var paper in remedy.Papers) Field("paper", $"{paper.Citation}. {paper.Title}");
        Field("page", remedy.Docs);
        var options = RemedyTypes.Options(remedy);
        if (options.Count == 0) return;
        terminal.Line();
        terminal.Line("Options");
        foreach (var option in options) WriteOption(option);
    }

    /// <summary>For programs: all there is to know of each.</summary>
    public static void WriteJson(Stream stream, IReadOnlyList<Remedy> remedies)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartArray();
        foreach (var remedy in remedies) Write(writer, remedy);
        writer.WriteEndArray();
    }

    private void WriteHeading(Imbalance imbalance, bool isEmpty)
    {
        terminal.Lines(terminal.Render(terminal.Text($"{imbalance.Family}: {imbalance.Subject} ({imbalance.Id})", new(Color.Blue, decoration: Decoration.Bold))));
        if (isEmpty) terminal.Lines(Indented("none in this version", Indent));
    }

    private void WriteRow(Remedy remedy)
    {
        var grid = new Grid();
        var width = terminal.Info.Width;
        var family = width >= WidthWithFamily ? FamilyWidth : 0;
        grid.AddColumn(Column(Indent));
        grid.AddColumn(Column(KindWidth));
        var title = width - Indent - KindWidth - family;
        grid.AddColumn(Column(title));
        if (family > 0) grid.AddColumn(Column(family));
        Text[] cells = [new(""), terminal.Cut(remedy.Kind, KindWidth), terminal.Cut(remedy.Title + (remedy.IsBaseline ? " (=)" : ""), title - 1), terminal.Cut(remedy.Family.Name, FamilyWidth)];
        grid.AddRow(cells[..(family > 0 ? 4 : 3)]);
        terminal.Lines(terminal.Render(grid));
    }

    private void WriteOption(RecipeOption option)
    {
        var value = option.Default is "required" or "absent" ? $"({option.Default})" : $"= {option.Default}";
        var rule = option.Rule.Length > 0 ? $", {option.Rule}" : "";
        terminal.Lines(Indented($"{option.Name} {value}", Indent));
        terminal.Lines(Indented($"{option.Takes}{rule}. {option.Meaning}", 2 * Indent));
    }

    private void Field(string name, string text)
    {
        var grid = new Grid();
        grid.AddColumn(Column(Indent));
        grid.AddColumn(Column(LabelWidth));
        grid.AddColumn(Column(terminal.Info.Width - Indent - LabelWidth));
        grid.AddRow(new Text(""), terminal.Text(name, new(decoration: Decoration.Dim)), terminal.Text(text));
        terminal.Lines(terminal.Render(grid));
    }

    /// <summary>What a person copies is never wrapped.</summary>
    private void Copied(string name, string text) => terminal.Mark($"{new string(' ', Indent)}{name}", new(decoration: Decoration.Dim), $"{new string(' ', LabelWidth - name.Length)}{text}");

    private IReadOnlyList<string> Indented(string text, int indent)
        => terminal.Render(new Padder(terminal.Text(text), new Padding(indent, 0, 0, 0)));

    private static GridColumn Column(int width) => new() { Width = width, Padding = new Padding(0, 0, 0, 0) };

    private static void Write(Utf8JsonWriter writer, Remedy remedy)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", remedy.Kind);
        writer.WriteString("title", remedy.Title);
        writer.WriteString("imbalance", remedy.Imbalance.Id);
        writer.WriteString("family", remedy.Family.Name);
        writer.WriteString("type", remedy.Type);
        writer.WriteBoolean("baseline", remedy.IsBaseline);
        writer.WriteString("formula", remedy.Formula);
        writer.WriteString("helps", remedy.Helps);
        writer.WriteString("harms", remedy.Harms);
        if (remedy.Recipe.Length > 0) writer.WriteString("recipe", remedy.RecipeLine);
        writer.WriteString("code", remedy.Code);
        JsonLists.Write(writer, "papers", [.. remedy.Papers.Select(paper => paper.Citation)]);
        writer.WriteString("docs", remedy.Docs);
        writer.WriteStartArray("options");
        foreach (var option in RemedyTypes.Options(remedy)) Write(writer, option);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, RecipeOption option)
    {
        writer.WriteStartObject();
        writer.WriteString("name", option.Name);
        writer.WriteString("takes", option.Takes);
        writer.WriteString("default", option.Default);
        if (option.Rule.Length > 0) writer.WriteString("rule", option.Rule);
        writer.WriteString("meaning", option.Meaning);
        writer.WriteEndObject();
    }
}
