using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>JSON as the page and <c>--json</c> speak it: camelCase names, kebab-case words, numbers that are not finite as null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FiniteDoubleConverter), typeof(VerdictConverter)])]
[JsonSerializable(typeof(ReportData))]
[JsonSerializable(typeof(Finding))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Writes numbers that are not finite as null: JSON has no word for them.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}

/// <summary>Writes verdicts as people read them: balanced, mild, severe, cannot-tell.</summary>
internal sealed class VerdictConverter : JsonConverter<Verdict>
{
    public override Verdict Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
    {
        "balanced" => Verdict.Balanced,
        "mild" => Verdict.Mild,
        "severe" => Verdict.Severe,
        "cannot-tell" => Verdict.CannotTell,
        var other => throw new JsonException($"'{other}' is no verdict."),
    };

    public override void Write(Utf8JsonWriter writer, Verdict value, JsonSerializerOptions options) => writer.WriteStringValue(Word(value));

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Balanced => "balanced",
        Verdict.Mild => "mild",
        Verdict.Severe => "severe",
        _ => "cannot-tell",
    };
}
