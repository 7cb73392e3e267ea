using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ballast;

/// <summary>
/// The JSON schema (2020-12) of a recipe, for editors that complete and check while a person types. It is made from the records that recipes are read into, so it says what
/// the reader takes: members, kinds, defaults, and what each means.
/// </summary>
public sealed class RecipeSchema
{
    private const string Kind = "type";

    private readonly JsonObject _definitions = [];
    private readonly Dictionary<Assembly, DocComments> _comments = [];

    private RecipeSchema()
    {
    }

    /// <summary>The schema of a record, indented.</summary>
    /// <typeparam name="T">The recipe's record.</typeparam>
    public static string Of<T>()
        where T : class
    {
        var schema = new RecipeSchema();
        var root = schema.Object(typeof(T), kind: null);
        root.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        if (schema._definitions.Count > 0) root["$defs"] = schema._definitions;
        return root.ToJsonString(RecipeJson.Options);
    }

    private JsonObject Schema(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return new() { ["enum"] = Words(Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Values<>)) return new() { [Kind] = "array", ["items"] = Schema(type.GetGenericArguments()[0]) };
        switch (Type.GetTypeCode(type))
        {
            case TypeCode.Boolean: return new() { [Kind] = "boolean" };
            case TypeCode.Int32 or TypeCode.Int64: return new() { [Kind] = "integer" };
            case TypeCode.Single or TypeCode.Double: return new() { [Kind] = "number" };
            case TypeCode.String: return new() { [Kind] = "string" };
            default: return Reference(type);
        }
    }

    private JsonObject Reference(Type type)
    {
        if (!_definitions.ContainsKey(type.Name))
        {
            // Recursive records find the name taken and refer to it.
            _definitions[type.Name] = new JsonObject();
            _definitions[type.Name] = Definition(type);
        }

        return new() { ["$ref"] = $"#/$defs/{type.Name}" };
    }

    /// <summary>A family is one of its kinds, by a bare word or as an object; a record that is no family is an object.</summary>
    private JsonObject Definition(Type type)
    {
        var kinds = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToArray();
        if (kinds.Length == 0) return Object(type, kind: null);
        var choices = new JsonArray(new JsonObject { ["enum"] = Words(kinds.Select(kind => (string)kind.TypeDiscriminator!)) });
        foreach (var kind in kinds)
        {
            if (!_definitions.ContainsKey(kind.DerivedType.Name))
            {
                _definitions[kind.DerivedType.Name] = new JsonObject();
                _definitions[kind.DerivedType.Name] = Object(kind.DerivedType, (string)kind.TypeDiscriminator!);
            }

            choices.Add(new JsonObject { ["$ref"] = $"#/$defs/{kind.DerivedType.Name}" });
        }

        return new() { ["description"] = Comment(type), ["anyOf"] = choices };
    }

    private JsonObject Object(Type type, string? kind)
    {
        var contract = RecipeJson.Options.GetTypeInfo(type);
        var properties = new JsonObject();
        var required = new JsonArray();
        if (kind is not null)
        {
            properties[Kind] = new JsonObject { ["const"] = kind };
            required.Add(Kind);
        }

        var record = contract.CreateObject?.Invoke();
        foreach (var property in contract.Properties.Where(property => property.Set is not null || contract.CreateObject is null))
        {
            properties[property.Name] = Member(property, record);
            if (property.IsRequired) required.Add(property.Name);
        }

        var schema = new JsonObject { [Kind] = "object", ["description"] = Comment(type), ["properties"] = properties, ["additionalProperties"] = false };
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    private JsonObject Member(JsonPropertyInfo property, object? record)
    {
        var schema = Schema(property.PropertyType);
        var mayBeNull = Nullable.GetUnderlyingType(property.PropertyType) is not null || (!property.PropertyType.IsValueType && property.IsSetNullable);
        var member = mayBeNull ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { [Kind] = "null" }) } : schema;
        if (property.AttributeProvider is MemberInfo info && Comment(info) is { Length: > 0 } comment) member["description"] = comment;
        if (record is not null && property.Get?.Invoke(record) is { } value && !property.IsRequired) member["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, RecipeJson.Options);
        return member;
    }

    private string Comment(MemberInfo member)
    {
        var assembly = (member as Type ?? member.DeclaringType!).Assembly;
        if (!_comments.TryGetValue(assembly, out var comments)) _comments[assembly] = comments = DocComments.Of(assembly);
        return comments.Summary(member);
    }

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => JsonValue.Create(word))];
}
