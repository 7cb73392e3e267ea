using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ballast;

/// <summary>
/// Reads one JSON text into records, guided by the serializer's own contracts. Walking it ourselves is what lets every complaint name its line and member,
/// those of the records' own checks included.
/// </summary>
internal ref struct RecipeDocument
{
    private const string Kind = "type";

    private readonly ReadOnlySpan<byte> _json;
    private readonly string _name;
    private readonly bool _hasLines;
    private Utf8JsonReader _reader;

    /// <summary>Makes a reader.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="hasLines">Whether a person wrote its lines, so that messages count them.</param>
    public RecipeDocument(ReadOnlySpan<byte> json, string name, bool hasLines = true)
    {
        _hasLines = hasLines;
        _json = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
        _name = name;
        _reader = new(_json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    /// <summary>Reads the whole text as one record.</summary>
    public object Read(Type type)
    {
        try
        {
            _reader.Read();
            var value = ReadValue(type, "");
            _reader.Read();
            return value;
        }
        catch (JsonException e) when (e.Path is null)
        {
            var sentence = e.Message.Split(" LineNumber:")[0];
            throw new InputException($"'{_name}', line {(e.LineNumber ?? 0) + 1}: this is not JSON: {sentence}", e);
        }
    }

    private object ReadValue(Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Values<>)) return ReadList(type.GetGenericArguments()[0], path);
        var contract = RecipeJson.Options.GetTypeInfo(type);
        return contract.Kind == JsonTypeInfoKind.Object ? ReadRecord(contract, path) : ReadScalar(type, path);
    }

    private object ReadList(Type item, string path)
    {
        if (_reader.TokenType != JsonTokenType.StartArray) throw Error(path, $"{Shown()} is no list; write [...].");
        var items = new List<object>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(item, $"{path}[{items.Count}]"));
        return RecipeJson.MakeList(item, items);
    }

    private object ReadScalar(Type type, string path)
    {
        if (type.IsEnum) return ReadEnum(type, path);
        var shown = Shown();
        object? value;
        try
        {
            value = JsonSerializer.Deserialize(ref _reader, type, RecipeJson.Options);
        }
        catch (JsonException e) when (e.Path is not null)
        {
            throw Error(path, $"{shown} is no {Word(type)}.");
        }
        catch (InputException e)
        {
            throw Error(path, e.Message);
        }

        return value is null or float.PositiveInfinity or float.NegativeInfinity ? throw Error(path, $"{shown} is no {Word(type)}.") : value;
    }

    private object ReadEnum(Type type, string path)
    {
        var words = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray();
        if (_reader.TokenType != JsonTokenType.String) throw Error(path, $"{Shown()} is none of {string.Join(", ", words)}.");
        var word = _reader.GetString()!;
        var index = Array.IndexOf(words, word);
        return index >= 0 ? Enum.Parse(type, Enum.GetNames(type)[index]) : throw Error(path, $"'{word}' is unknown; {NearestWord.Choice(word, words)}");
    }

    private object ReadRecord(JsonTypeInfo declared, string path)
    {
        var kinds = Kinds(declared.Type);
        if (_reader.TokenType == JsonTokenType.String && kinds.Count > 0)
        {
            var bare = OfKind(declared, kinds, _reader.GetString()!, path);
            var record = Create(bare, path);
            RequireAll(bare, [], path, _reader.TokenStartIndex);
            return record;
        }

        if (_reader.TokenType != JsonTokenType.StartObject) throw Error(path, $"{Shown()} is no object; write {{...}}.");
        var start = _reader.TokenStartIndex;
        var contract = kinds.Count == 0 ? declared : Resolve(declared, kinds, path);
        return ReadMembers(contract, kinds.Count > 0, path, start);
    }

    private object ReadMembers(JsonTypeInfo contract, bool hasKind, string path, long start)
    {
        var record = Create(contract, path);
        var seen = new HashSet<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            var member = path.Length == 0 ? name : $"{path}.{name}";
            if (!seen.Add(name)) throw Error(member, "it is given twice; remove one.");
            if (hasKind && name == Kind)
            {
                _reader.Read();
                continue;
            }

            ReadMember(contract, record, name, member);
        }

        RequireAll(contract, seen, path, start);
        return record;
    }

    private void ReadMember(JsonTypeInfo contract, object record, string name, string member)
    {
        var property = contract.Properties.FirstOrDefault(property => property.Name == name && property.Set is not null);
        if (property is null)
        {
            var known = contract.Properties.Where(property => property.Set is not null).Select(property => property.Name).ToArray();
            throw Error(member, $"'{name}' is no member of {contract.Type.Name}; {NearestWord.Choice(name, known)}");
        }

        _reader.Read();
        var place = _reader.TokenStartIndex;
        object? value = null;
        if (_reader.TokenType != JsonTokenType.Null) value = ReadValue(property.PropertyType, member);
        else if (!property.IsSetNullable || (property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null)) throw Error(member, "null is no value of it.");
        try
        {
            property.Set!(record, value);
        }
        catch (InputException e)
        {
            throw Error(member, e.Message, place);
        }
    }

    private void RequireAll(JsonTypeInfo contract, HashSet<string> seen, string path, long place)
    {
        var missing = contract.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)).Select(property => $"'{property.Name}'").ToArray();
        if (missing.Length > 0) throw Error(path, $"{string.Join(", ", missing)} {(missing.Length == 1 ? "is" : "are")} missing.", place);
    }

    /// <summary>
    /// The contract that the object's kind names, wherever in the object the kind stands; the declared one when it is concrete and no kind is given.
    /// </summary>
    private readonly JsonTypeInfo Resolve(JsonTypeInfo declared, Dictionary<string, Type> kinds, string path)
    {
        var ahead = _reader;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndObject)
        {
            if (!ahead.ValueTextEquals(Kind))
            {
                ahead.Skip();
                continue;
            }

            ahead.Read();
            if (ahead.TokenType != JsonTokenType.String) throw Error($"{path}.{Kind}", $"it must be a word: {string.Join(", ", kinds.Keys)}.", ahead.TokenStartIndex);
            return OfKind(declared, kinds, ahead.GetString()!, path, ahead.TokenStartIndex);
        }

        return declared.Type.IsAbstract ? throw Error(path, $"'{Kind}' is missing; known are {string.Join(", ", kinds.Keys)}.") : declared;
    }

    private readonly JsonTypeInfo OfKind(JsonTypeInfo declared, Dictionary<string, Type> kinds, string kind, string path, long? place = null)
    {
        if (!kinds.TryGetValue(kind, out var type)) throw Error(path, $"'{kind}' is no known kind; {NearestWord.Choice(kind, kinds.Keys)}", place);
        return declared.Type.IsAssignableFrom(type)
            ? RecipeJson.Options.GetTypeInfo(type)
            : throw Error(path, $"'{kind}' cannot stand here; only '{kinds.First(entry => entry.Value == declared.Type).Key}' can.", place);
    }

    /// <summary>The kinds of the family a record belongs to; none for a record without a family.</summary>
    private static Dictionary<string, Type> Kinds(Type type)
    {
        for (var family = type; family is not null; family = family.BaseType)
        {
            var kinds = family.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToArray();
            if (kinds.Length > 0) return kinds.ToDictionary(kind => (string)kind.TypeDiscriminator!, kind => kind.DerivedType);
        }

        return [];
    }

    private readonly object Create(JsonTypeInfo contract, string path)
        => contract.CreateObject?.Invoke() ?? throw Error(path, $"{contract.Type.Name} cannot be written in a recipe.");

    /// <summary>The value under the reader as the file writes it, for messages.</summary>
    private readonly string Shown()
    {
        var ahead = _reader;
        var start = (int)ahead.TokenStartIndex;
        ahead.Skip();
        var text = System.Text.Encoding.UTF8.GetString(_json[start..(int)ahead.BytesConsumed]);
        return text.Length <= 40 ? text : text[..40] + "...";
    }

    private readonly InputException Error(string path, string sentence, long? place = null)
    {
        var line = _hasLines ? $", line {_json[..(int)(place ?? _reader.TokenStartIndex)].Count((byte)'\n') + 1}" : "";
        return new($"'{_name}'{line}{(path.Length == 0 ? "" : $", {path}")}: {sentence}");
    }

    private static string Word(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.String => "text",
        TypeCode.Int32 or TypeCode.Int64 => "whole number",
        TypeCode.Single or TypeCode.Double => "number",
        _ => type.Name,
    };
}
