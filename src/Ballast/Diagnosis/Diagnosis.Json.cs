using System.Text.Json;

namespace Ballast;

public sealed partial class Diagnosis
{
    /// <summary>
    /// Writes the diagnosis as JSON: <c>dataset {name, images, boxes, ignored, classes [{name, boxes, images}]}</c>, <c>flaws [{code, count}]</c>, and
    /// <c>findings [{id, verdict, headline, measures {name: number}, intervals {name: [low, high]}, remedies [...]}]</c>. Numbers that are not defined are null.
    /// </summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartObject("dataset");
        WriteDataset(writer);
        writer.WriteEndObject();
        writer.WriteStartArray("flaws");
        foreach (var (code, count) in Summary.Flaws)
        {
            writer.WriteStartObject();
            writer.WriteString("code", code);
            writer.WriteNumber("count", count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("overall", Overall);
        writer.WriteStartArray("findings");
        foreach (var finding in Findings) Write(writer, finding);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteDataset(Utf8JsonWriter writer)
    {
        writer.WriteString("name", _data.Count > 0 ? _data[0].Name : "");
        if (_data.Count > 0) writer.WriteString("format", _data[0].Source.Format);
        writer.WriteString("profile", Options.Profile.Name);
        writer.WriteString("inputSide", Options.Profile.Input.ToString());
        var counts = new DatasetCounts(Summary, _data.Count > 0 ? _data[0] : null);
        writer.WriteNumber("images", counts.Images);
        writer.WriteNumber("boxes", counts.Boxes);
        writer.WriteNumber("ignored", counts.Ignored);
        writer.WriteStartArray("classes");
        foreach (var (name, boxes, images) in counts.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteNumber("boxes", boxes);
            writer.WriteNumber("images", images);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Finding finding)
    {
        writer.WriteStartObject();
        writer.WriteString("id", finding.Id);
        writer.WriteString("verdict", VerdictConverter.Word(finding.Verdict));
        writer.WriteString("headline", finding.Headline);
        writer.WriteString("meaning", finding.Meaning);
        writer.WriteStartObject("measures");
        foreach (var measure in finding.Measures) Write(writer, measure.Name, measure.Value);
        writer.WriteEndObject();
        writer.WriteStartObject("intervals");
        foreach (var measure in finding.Measures.Where(measure => measure.Low is not null && measure.High is not null))
        {
            writer.WriteStartArray(measure.Name);
            writer.WriteNumberValue(measure.Low!.Value);
            writer.WriteNumberValue(measure.High!.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("remedies");
        foreach (var advice in finding.Remedies) Write(writer, advice);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Advice advice)
    {
        writer.WriteStartObject();
        writer.WriteString("title", advice.Title);
        writer.WriteString("effect", advice.Effect);
        writer.WriteBoolean("computed", advice.Computed);
        Write(writer, "gain", advice.Gain);
        writer.WriteString("cost", advice.Cost);
        writer.WriteString("command", advice.Command);
        writer.WriteBoolean("commandExists", advice.CommandExists);
        if (advice.Remedy.Length > 0)
        {
            writer.WriteString("remedy", advice.Remedy);
            writer.WriteString("docs", Remedies.Named(advice.Remedy).Docs);
        }

        if (advice.Paper.Length > 0) writer.WriteString("paper", advice.Paper);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value)) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
