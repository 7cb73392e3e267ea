using System.Text.Json;

namespace Ballast.Training;

/// <summary>What a person gave to train on: a recipe, or data for which the usual recipe will do. Its content decides.</summary>
public static class TrainingSource
{
    private const int HeadBytes = 1 << 16;

    /// <summary>Members that only annotations have.</summary>
    private static readonly string[] OfData = ["images", "annotations", "categories", "licenses", "info"];

    /// <summary>The recipe at a path, named after its file; or the usual recipe for the data there, named after it.</summary>
    /// <param name="path">A recipe (.json), or what <see cref="DetectionDataset.Load(string, LoadOptions?)"/> takes.</param>
    /// <returns>The recipe, and whether it was one.</returns>
    /// <exception cref="InputException">There is nothing, or it is a recipe with an error: file, line, member and the nearest right word are named.</exception>
    public static (TrainingRecipe Recipe, bool WasRecipe) Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path)) throw new InputException($"'{path}' does not exist. Give a recipe, or the data to train on.");
        var name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        if (isFolder || !IsRecipe(path)) return (new() { Data = path, Name = name }, false);
        var recipe = RecipeReader.Load<TrainingRecipe>(path);
        return (recipe with { Name = recipe.Name ?? name }, true);
    }

    /// <summary>Whether a file is a JSON object that does not begin as annotations do. A recipe may be wrong in any way and is one all the same: its error is what helps.</summary>
    private static bool IsRecipe(string path)
    {
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)) return false;
        var head = new byte[HeadBytes];
        int length;
        using (var stream = File.OpenRead(path)) length = stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        var bytes = head.AsSpan(0, length);
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new(new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && OfData.Contains(reader.GetString())) return false;
            }
        }
        catch (JsonException)
        {
            // Torn in the middle of a large file, or wrong: what was seen before decides.
        }

        return true;
    }
}
