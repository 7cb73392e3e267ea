using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ballast;

public sealed partial class DatasetSummary
{
    /// <summary>Writes the summary as JSON: names in ordinal order, whole numbers, so equal summaries are equal bytes.</summary>
    public void Save(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteNumber("ballastSummary", Schema);
        WriteNames(writer, "classes", Key.Classes);
        WriteNames(writer, "parts", Key.Parts);
        writer.WriteNumber("seed", Key.Seed);
        writer.WriteString("profile", Key.Profile);
        writer.WriteStartObject("tallies");
        foreach (var tally in Tallies) Write(writer, tally);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>Writes the summary into a file, by a temporary name and a rename.</summary>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads a summary that <see cref="Save(string)"/> wrote.</summary>
    /// <exception cref="InputException">The file is no summary, or of another version.</exception>
    public static DatasetSummary Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw new InputException($"'{path}' is no summary of 'ballast diagnose --save': {e.Message}", e);
        }
    }

    private static DatasetSummary Read(JsonElement root, string path)
    {
        var version = root.GetProperty("ballastSummary").GetInt32();
        if (version != Schema) throw new InputException($"'{path}' is a summary of version {version}; this Ballast reads version {Schema}. Make it again with 'ballast diagnose --save'.");
        var key = new SummaryKey(ReadNames(root, "classes"), ReadNames(root, "parts"), root.GetProperty("profile").GetString()!, root.GetProperty("seed").GetInt32());
        var summary = new DatasetSummary(key);
        foreach (var property in root.GetProperty("tallies").EnumerateObject()) Read(summary, property);
        return summary;
    }

    private static void Read(DatasetSummary summary, JsonProperty property)
    {
        var value = property.Value;
        var shape = value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var text = value.GetProperty("counts").GetString()!;
        var row = value.GetProperty("replicates").GetInt32() + 1;
        if (row is not (1 or PoissonWeights.Row) || shape.Any(side => side < 0) || text.Length + 1L < shape.Aggregate(1L, (product, side) => checked(product * side)))
            throw new FormatException($"the shape of '{property.Name}' does not fit its counts");
        var tally = summary.Declare(property.Name, row > 1, shape);
        var place = 0;
        foreach (var part in text.AsSpan().Split(' '))
        {
            if (text.Length == 0) break;
            var word = text.AsSpan(part);
            var run = word.IndexOf('x');
            var value64 = long.Parse(run < 0 ? word : word[(run + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            var repeats = run < 0 ? 1 : int.Parse(word[..run], NumberStyles.None, CultureInfo.InvariantCulture);
            if (place + repeats > tally.Counts.Length) throw new FormatException($"'{property.Name}' has too many counts");
            tally.Counts.Slice(place, repeats).Fill(value64);
            place += repeats;
        }

        if (place != tally.Counts.Length) throw new FormatException($"'{property.Name}' has {place} counts instead of {tally.Counts.Length}");
    }

    /// <summary>Counts as words, runs of equal ones as "12x0": most replicates of most cells are small or zero.</summary>
    private static void Write(Utf8JsonWriter writer, Tally tally)
    {
        writer.WriteStartObject(tally.Name);
        writer.WriteStartArray("shape");
        foreach (var side in tally.Shape) writer.WriteNumberValue(side);
        writer.WriteEndArray();
        writer.WriteNumber("replicates", tally.IsReplicated ? PoissonWeights.Replicates : 0);
        var text = new StringBuilder();
        var counts = tally.Counts;
        for (var i = 0; i < counts.Length;)
        {
            var end = i + 1;
            while (end < counts.Length && counts[end] == counts[i]) end++;
            if (text.Length > 0) text.Append(' ');
            if (end - i > 1) text.Append(end - i).Append('x');
            text.Append(counts[i]);
            i = end;
        }

        writer.WriteString("counts", text.ToString());
        writer.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter writer, string property, IReadOnlyList<string> names)
    {
        writer.WriteStartArray(property);
        foreach (var name in names) writer.WriteStringValue(name);
        writer.WriteEndArray();
    }

    private static string[] ReadNames(JsonElement root, string property) => [.. root.GetProperty(property).EnumerateArray().Select(name => name.GetString()!)];
}
