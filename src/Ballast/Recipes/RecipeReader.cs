using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ballast;

/// <summary>
/// Immutable records as JSON: members in camelCase, comments and trailing commas allowed, a bare kind (<c>"giou"</c>) for a record with its defaults. What is
/// unknown, given twice, missing or out of range is refused with file, line, member and the nearest right word. A record that is written and read is equal.
/// </summary>
public static class RecipeReader
{
    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">The record, or the base of its family.</typeparam>
    /// <exception cref="InputException">The file cannot be read, or is no recipe of this kind.</exception>
    public static T Load<T>(string path)
        where T : class
    {
        try
        {
            return Parse<T>(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="json">The recipe.</param>
    /// <param name="name">What messages call it.</param>
    public static T Parse<T>(string json, string name = "recipe")
        where T : class
        => Parse<T>(Encoding.UTF8.GetBytes(json), name);

    /// <summary>Reads UTF-8 bytes.</summary>
    /// <param name="json">The recipe, with or without a byte-order mark.</param>
    /// <param name="name">What messages call it.</param>
    public static T Parse<T>(ReadOnlySpan<byte> json, string name)
        where T : class
        => (T)new RecipeDocument(json, name).Read(typeof(T));

    /// <summary>The record as JSON, indented.</summary>
    public static string ToJson<T>(T recipe)
        where T : class
        => JsonSerializer.Serialize(recipe, RecipeJson.Options);
}

/// <summary>How recipes are written.</summary>
internal static class RecipeJson
{
    private static readonly MethodInfo ListMaker = typeof(RecipeJson).GetMethod(nameof(MakeList), 1, BindingFlags.NonPublic | BindingFlags.Static, [typeof(List<object>)])!;

    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Compact { get; } = new(Options) { WriteIndented = false };

    /// <summary>The items as <see cref="Values{T}"/> of a type known only now.</summary>
    public static object MakeList(Type item, List<object> items) => ListMaker.MakeGenericMethod(item).Invoke(null, [items])!;

    private static Values<TItem> MakeList<TItem>(List<object> items) => [.. items.Cast<TItem>()];

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            RespectNullableAnnotations = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }
}
