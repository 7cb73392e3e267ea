using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ballast;

/// <summary>
/// One change to a recipe, as <c>--set detector.boxLoss.type=ciou</c> writes it: a path of members, places of lists from 0 in brackets (<c>levels[0].sizes</c>), and a value
/// in JSON; text needs no quotes. Setting a <c>type</c> replaces the whole object by that kind's defaults, so no member of the old kind is left over.
/// </summary>
public sealed record RecipeSetting
{
    private const string Kind = "type";

    private RecipeSetting(string path, string value, Values<string> steps) => (Path, Value, Steps) = (path, value, steps);

    /// <summary>The path of members, joined by dots.</summary>
    public string Path { get; }

    /// <summary>The value as it was written.</summary>
    public string Value { get; }

    private Values<string> Steps { get; }

    /// <summary>Understands "path=value".</summary>
    /// <exception cref="InputException">There is no path, or a step of it is empty.</exception>
    public static RecipeSetting Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        if (cut <= 0) throw new InputException($"'{text}' sets nothing; write a member and its value, such as detector.boxLoss.type=giou.");
        var path = text[..cut].Trim();
        string[] steps = [.. path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.')];
        if (steps.Any(step => step.Length == 0)) throw new InputException($"'{text}': '{path}' is no path of members; write names with a dot between them, such as detector.boxLoss.type.");
        return new(path, text[(cut + 1)..].Trim(), [.. steps]);
    }

    /// <summary>A recipe with settings applied in their order.</summary>
    /// <typeparam name="T">The recipe's record.</typeparam>
    /// <exception cref="InputException">A setting names what is not there, or a value out of range; the message names the setting, the member and the nearest right
    /// word.</exception>
    public static T Apply<T>(T recipe, IEnumerable<RecipeSetting> settings)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var setting in settings) recipe = setting.ApplyTo(recipe);
        return recipe;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path}={Value}";

    private T ApplyTo<T>(T recipe)
        where T : class
    {
        // What the recipe leaves to its defaults is written out, so a path may lead into it.
        var root = JsonNode.Parse(RecipeReader.ToJson(recipe))!.AsObject();
        var declared = (Type?)typeof(T);
        var (holder, count) = ((JsonNode)root, Steps[^1] == Kind ? Steps.Count - 1 : Steps.Count);
        for (var i = 0; i < count - 1; i++)
        {
            declared = TypeOf(declared, holder, Steps[i]);
            holder = Child(holder, Steps[i], string.Join('.', Steps.Take(i + 1)));
        }

        if (count == 0) root = new JsonObject { [Kind] = Value };
        else Set(holder, Steps[count - 1], count < Steps.Count ? new JsonObject { [Kind] = Value } : Changed(declared, holder, Steps[count - 1]));
        return (T)new RecipeDocument(JsonSerializer.SerializeToUtf8Bytes(root), $"--set {this}", hasLines: false).Read(typeof(T));
    }

    /// <summary>What stands in a place afterwards: the value, or what a word makes of the present one where its type knows words.</summary>
    private JsonNode? Changed(Type? declared, JsonNode holder, string step)
    {
        var type = TypeOf(declared, holder, step);
        if (type is null || !typeof(IChangedByWord).IsAssignableFrom(type) || Value is ['{', ..] || holder is not JsonObject members || members[step] is not { } present) return ValueFor(type);
        var value = (IChangedByWord)new RecipeDocument(JsonSerializer.SerializeToUtf8Bytes(present), $"--set {this}", hasLines: false).Read(type);
        return JsonSerializer.SerializeToNode(value.ChangedBy(Value), type, RecipeJson.Options);
    }

    private JsonNode Child(JsonNode holder, string step, string path)
    {
        if (holder is JsonArray list) return list[Place(list, step, path)] ?? throw Wrong(path, "there is nothing in it.");
        var members = holder.AsObject();
        // A member that is null, or unknown: what reads the result knows which, and says so.
        if (members[step] is null) members[step] = new JsonObject();
        return members[step] is JsonValue value ? throw Wrong(path, $"it is {value.ToJsonString()} and has no members.") : members[step]!;
    }

    private void Set(JsonNode holder, string step, JsonNode? value)
    {
        if (holder is JsonArray list) list[Place(list, step, Path)] = value;
        else holder.AsObject()[step] = value;
    }

    private int Place(JsonArray list, string step, string path)
        => int.TryParse(step, out var place) && place >= 0 && place < list.Count ? place
            : throw Wrong(path, list.Count == 0 ? "the list is empty." : $"'{step}' is no place of a list of {list.Count}; write 0 to {list.Count - 1}.");

    /// <summary>The value as JSON where the member is no text; what is no JSON is text anyway, a bare kind among it.</summary>
    private JsonNode? ValueFor(Type? declared)
    {
        if (declared == typeof(string)) return Value == "null" ? null : JsonValue.Create(Value is ['"', .., '"'] ? JsonSerializer.Deserialize<string>(Value) : Value);
        try
        {
            return JsonNode.Parse(Value, documentOptions: new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException)
        {
            return JsonValue.Create(Value);
        }
    }

    /// <summary>The type of a member, by the contract of its holder's kind; null when there is none of that name.</summary>
    private static Type? TypeOf(Type? declared, JsonNode holder, string step)
    {
        if (declared is null) return null;
        if (holder is JsonArray) return declared.IsGenericType ? declared.GetGenericArguments()[0] : null;
        var kind = holder.AsObject()[Kind] is JsonValue value && value.TryGetValue<string>(out var word) ? RecipeKind.Find(declared, word) ?? declared : declared;
        var type = RecipeJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(kind) ?? kind).Properties.FirstOrDefault(property => property.Name == step)?.PropertyType;
        return type;
    }

    private InputException Wrong(string path, string sentence) => new($"'--set {this}', {path}: {sentence}");
}
