using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ballast;

/// <summary>
/// A member of a record as a person who writes a recipe must know it. All of it is read from the record: the name and type from its contract, the default from
/// a record with its defaults, the rule from the sentence by which the record refuses a value, the meaning from its doc comment.
/// </summary>
/// <param name="Name">As in a recipe: "gamma".</param>
/// <param name="Takes">What it takes: "number", or the words it knows.</param>
/// <param name="Default">As JSON; "absent" where it is not set, "required" where it must be.</param>
/// <param name="Rule">The rule that values are held to: "0 or more"; empty where every value of the type will do.</param>
/// <param name="Meaning">What it does, with its unit.</param>
public sealed record RecipeOption(string Name, string Takes, string Default, string Rule, string Meaning)
{
    private const string RuleStart = "; it must be ";

    /// <summary>The members of a record that a recipe can set.</summary>
    /// <param name="record">The record; it must have a constructor without arguments.</param>
    /// <param name="comments">The doc comments of its assembly.</param>
    public static IReadOnlyList<RecipeOption> Of(Type record, DocComments comments)
    {
        ArgumentNullException.ThrowIfNull(comments);
        var contract = RecipeJson.Options.GetTypeInfo(record);
        if (contract.CreateObject is not { } create) throw new InputException($"{record.Name} cannot be written in a recipe.");
        return [.. contract.Properties.Where(property => property.Set is not null).Select(property => Of(property, create, comments))];
    }

    private static RecipeOption Of(JsonPropertyInfo property, Func<object> create, DocComments comments)
        => new(property.Name, Words(property.PropertyType), DefaultOf(property, create()), RuleOf(property, create()), comments.Summary((MemberInfo)property.AttributeProvider!));

    private static string Words(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Values<>)) return $"list of {Plural(type.GetGenericArguments()[0])}";
        if (type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Any()) return $"a {Spaced(type.Name)}";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 or TypeCode.Int64 => "whole number",
            TypeCode.Single or TypeCode.Double => "number",
            TypeCode.String => "text",
            _ => Spaced(type.Name),
        };
    }

    private static string Plural(Type type)
    {
        var word = Words(type);
        if (word.StartsWith("a ", StringComparison.Ordinal)) word = word[2..];
        return word.EndsWith('s') ? $"{word}es" : $"{word}s";
    }

    /// <summary>"ClassificationLoss" as "classification loss".</summary>
    private static string Spaced(string name) => string.Join(" IoU ", name.Split("IoU").Select(part => Lowered(part).Trim())).Trim();

    private static string Lowered(string name) => string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static string DefaultOf(JsonPropertyInfo property, object record)
    {
        if (property.IsRequired) return "required";
        var value = property.Get!(record);
        return value is null ? "absent" : JsonSerializer.Serialize(value, property.PropertyType, RecipeJson.Compact);
    }

    /// <summary>The rule in the sentence by which the record refuses what no member takes: not a number, the least whole number.</summary>
    private static string RuleOf(JsonPropertyInfo property, object record)
    {
        object? impossible = Type.GetTypeCode(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) switch
        {
            TypeCode.Single => float.NaN,
            TypeCode.Double => double.NaN,
            TypeCode.Int32 when !property.PropertyType.IsEnum => int.MinValue,
            _ => null,
        };
        if (impossible is null) return "";
        try
        {
            property.Set!(record, impossible);
            return "";
        }
        catch (InputException e)
        {
            var start = e.Message.IndexOf(RuleStart, StringComparison.Ordinal);
            return start < 0 ? "" : e.Message[(start + RuleStart.Length)..].TrimEnd('.');
        }
    }
}
