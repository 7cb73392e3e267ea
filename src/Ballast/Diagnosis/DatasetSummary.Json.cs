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
        WriteNames(writer, "slices", Key.Slices);
        writer.WriteNumber("seed", Key.Seed);
        writer.WriteString("profile", Key.Profile);
        writer.WriteStartObject("flaws");
        foreach (var (code, count) in _flaws) writer.WriteNumber(code, count);
        writer.WriteEndObject();
        writer.WriteStartArray("tallies");
        foreach (var slice in _slices)
        {
            writer.WriteStartObject();
            foreach (var tally in slice.All) Write(writer, tally);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes the summary into a file, by a temporary name and a rename; of files that exist only a summary is replaced.</summary>
    /// <exception cref="InputException">The file cannot be written there, or another kind of file stands there.</exception>
    public void Save(string path) => AtomicFile.Replace(path, "{\"ballastSummary\":"u8, "summary of a diagnosis", Save);

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
        var key = new SummaryKey(ReadNames(root, "classes"), ReadNames(root, "slices"), root.GetProperty("profile").GetString()!, root.GetProperty("seed").GetInt32());
        var flaws = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var flaw in root.GetProperty("flaws").EnumerateObject()) flaws[flaw.Name] = flaw.Value.GetInt64();
        var slices = root.GetProperty("tallies").EnumerateArray().Select(ReadSlice).ToArray();
        if (slices.Length != key.Slices.Count + 1) throw new FormatException($"{slices.Length} slices instead of {key.Slices.Count + 1}");
        return new(key, slices, flaws);
    }

    private static TallySet ReadSlice(JsonElement slice)
    {
        var counts = new TallySet();
        foreach (var property in slice.EnumerateObject()) Read(counts, property);
        return counts;
    }

    private static void Read(TallySet counts, JsonProperty property)
    {
        var value = property.Value;
        var shape = value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var text = value.GetProperty("counts").GetString()!;
        var row = value.GetProperty("replicates").GetInt32() + 1;
        // The shape is believed only when the text holds as many counts, and both are within reason: a damaged file must not ask for all memory.
        var expected = shape.Aggregate((long)row, (product, side) => checked(product * side));
        if (row is not (1 or PoissonWeights.Row) || shape.Any(side => side < 0) || expected > MostCounts || Runs(text).Sum(run => (long)run.Repeats) != expected)
            throw new FormatException($"the shape of '{property.Name}' does not fit its counts");
        var tally = counts.Declare(property.Name, row > 1, shape);
        var place = 0;
        foreach (var (repeats, count) in Runs(text))
        {
            tally.Counts.Slice(place, repeats).Fill(count);
            place += repeats;
        }
    }

    /// <summary>The words of <see cref="Write(Utf8JsonWriter, Tally)"/>: how often a count stands, and the count.</summary>
    private static IEnumerable<(int Repeats, long Count)> Runs(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf(' ', start);
            if (end < 0) end = text.Length;
            var run = text.IndexOf('x', start, end - start);
            var repeats = run < 0 ? 1 : int.Parse(text.AsSpan(start, run - start), NumberStyles.None, CultureInfo.InvariantCulture);
            var number = run < 0 ? start : run + 1;
            yield return (repeats, long.Parse(text.AsSpan(number, end - number), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
            start = end + 1;
        }
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
