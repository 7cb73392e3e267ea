using System.Text.Json;

namespace Ballast.Cli;

/// <summary>Lists of texts in JSON.</summary>
internal static class JsonLists
{
    /// <summary>Writes a member.</summary>
    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
