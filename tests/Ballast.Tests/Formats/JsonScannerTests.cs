using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Ballast.Tests;

/// <summary>
/// The scanner against System.Text.Json: both give the same values, or both refuse. The leniencies are NaN, Infinity, -Infinity and a byte order mark (texts with them
/// are left out of the comparison), and skipped arrays and objects, whose inside is not checked (so everything is read here).
/// </summary>
public class JsonScannerTests
{
    private const string Sample = """
        {"images": [{"id": 1, "file_name": "d\u00e9\ud83d\ude00/a\"b\\.jpg", "width": 640, "height": 480.0}],
         "annotations":[{"bbox":[0.1,-2.5e-3,702.1057499999998,12345678901234567890],"id":-0,"iscrowd":false,"note":null,"empty":{},"none":[]},
         {"long":"0123456789abcdef0123456789abcdef","é":true}], "categories":[]}
        """;

    [Fact]
    public void It_reads_what_System_Text_Json_reads() => Assert.Equal(Plainly(Sample), Scanned(Encoding.UTF8.GetBytes(Sample)));

    [Fact]
    public void The_size_of_the_buffer_changes_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample);
        var expected = Plainly(Sample);
        for (var size = 16; size <= 300; size++) Assert.Equal(expected, Scanned(bytes, size));
    }

    [Fact]
    public void Mutated_bytes_are_read_alike_or_refused_by_both()
    {
        var marks = "{}[]\",:\\0123456789-+.eEtfnu \n"u8.ToArray();
        var original = Encoding.UTF8.GetBytes(Sample);
        var edit = Gen.Select(Gen.Int[0, original.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, marks.Length - 1].Select(i => marks[i])), Gen.Int[0, 2]);
        Gen.Select(edit.Array[1, 3], Gen.Int[16, 200]).Sample((edits, size) =>
        {
            var bytes = original.ToList();
            foreach (var (at, value, kind) in edits)
            {
                if (at >= bytes.Count) continue;
                if (kind == 0) bytes[at] = value;
                else if (kind == 1) bytes.Insert(at, value);
                else bytes.RemoveAt(at);
            }

            AssertAgreement([.. bytes], size);
        }, iter: 20_000);
    }

    [Fact]
    public void A_text_cut_at_any_byte_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Sample);
        var length = Sample.TrimEnd().Length;
        for (var count = 0; count < Encoding.UTF8.GetByteCount(Sample[..length]); count++)
        {
            Assert.Null(TryScan(bytes[..count], 64));
            Assert.Null(TryScan(bytes[..count], 1 << 16));
            Assert.Throws<InputException>(() => SkipAll(bytes[..count], 32));
        }
    }

    [Theory]
    [InlineData("1 2")]
    [InlineData("[1]x")]
    [InlineData("{\"a\":1}{")]
    public void What_follows_the_value_is_refused(string text) => Assert.Null(TryScan(Encoding.UTF8.GetBytes(text), 64));

    [Fact]
    public void Values_nest_64_deep_and_no_deeper()
    {
        Assert.NotNull(TryScan(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)), 32));
        Assert.Null(TryScan(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)), 32));
        SkipAll(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64)), 32);
        Assert.Throws<InputException>(() => SkipAll(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65)), 32));
    }

    [Fact]
    public void An_error_names_file_line_column_and_byte()
    {
        var scanner = new JsonScanner(new MemoryStream(Encoding.UTF8.GetBytes("{\"a\":1,\n \"bb\":\n  [1, x]}")), "f.json", 16);
        var message = Assert.Throws<InputException>(() => Value(scanner, new StringBuilder())).Message;
        Assert.Equal("'f.json' cannot be read as JSON at line 3, column 7 (byte 21): a value is expected, but 'x' stands there.", message);
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_and_utf16_is_refused_by_name()
    {
        var scanner = new JsonScanner(new MemoryStream([0xEF, 0xBB, 0xBF, (byte)'7']), "f");
        Assert.True(scanner.HasByteOrderMark);
        Assert.True(scanner.TryReadInt64(out var seven));
        Assert.Equal(7, seven);
        Assert.Contains("UTF-16", Assert.Throws<InputException>(() => new JsonScanner(new MemoryStream([0xFF, 0xFE, 0x7B, 0]), "f")).Message);
    }

    [Fact]
    public void NaN_and_infinities_are_numbers()
    {
        var scanner = new JsonScanner(new MemoryStream("[NaN,Infinity,-Infinity]"u8.ToArray()), "f", 16);
        scanner.EnterArray();
        foreach (var expected in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.True(scanner.NextElement());
            Assert.Equal(JsonKind.Number, scanner.Peek());
            Assert.False(scanner.TryReadInt64(out _));
            Assert.Equal(expected, scanner.ReadDouble());
        }

        Assert.False(scanner.NextElement());
        scanner.End();
    }

    [Fact]
    public void Numbers_are_rounded_as_double_Parse_rounds_them()
    {
        var forms = Gen.OneOf(
            Gen.Double.Where(double.IsFinite).Select(value => value.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Select(Gen.ULong, Gen.Int[0, 25], (digits, point) => Decimal(digits, point)),
            Gen.Select(Gen.ULong[0, 1UL << 54], Gen.Int[0, 30], (digits, point) => Decimal(digits, point)),
            Gen.Select(Gen.Int[-9999, 9999], Gen.Int[-330, 330], (digits, exponent) => $"{digits}e{exponent}"));
        forms.Sample(text =>
        {
            var scanner = new JsonScanner(new MemoryStream(Encoding.UTF8.GetBytes($"[{text},{text}]")), "f", 16);
            scanner.EnterArray();
            scanner.NextElement();
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), scanner.ReadDouble());
            scanner = new JsonScanner(new MemoryStream(Encoding.UTF8.GetBytes($"[{text},{text}]")), "f", 4096);
            Span<double> both = stackalloc double[2];
            if (!scanner.TryReadDoubles(both)) return;
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), both[1]);
        }, iter: 20_000);
    }

    [Fact]
    public void A_skipped_value_is_the_bytes_it_stands_in()
    {
        const string Text = """{"a": [1,{"b":"]}\"[{"},[]] , "c":"x\\", "d": -1.5e3,"e":null}""";
        for (var size = 16; size < 90; size++)
        {
            var scanner = new JsonScanner(new MemoryStream(Encoding.UTF8.GetBytes(Text)), "f", size);
            var found = new List<string>();
            scanner.EnterObject();
            while (scanner.NextProperty(out _))
            {
                var range = scanner.SkipRange(2);
                Assert.Equal(2, range.File);
                found.Add(Text.Substring((int)range.Offset, range.Length));
            }

            scanner.End();
            Assert.Equal(["""[1,{"b":"]}\"[{"},[]]""", "\"x\\\\\"", "-1.5e3", "null"], found);
        }
    }

    private static string Decimal(ulong digits, int point)
    {
        var text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(point + 1, '0');
        return point == 0 ? text : $"{text[..^point]}.{text[^point..]}";
    }

    private static void AssertAgreement(byte[] bytes, int size)
    {
        var scanned = TryScan(bytes, size);
        if (scanned is not null && (scanned.Contains("NaN", StringComparison.Ordinal) || scanned.Contains('∞'))) return;
        Assert.Equal(TryPlainly(bytes), scanned);
    }

    private static string? TryScan(byte[] bytes, int size)
    {
        try
        {
            return Scanned(bytes, size);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static string Scanned(byte[] bytes, int size = 1 << 16)
    {
        var scanner = new JsonScanner(new MemoryStream(bytes), "f", size);
        var text = new StringBuilder();
        Value(scanner, text);
        scanner.End();
        return text.ToString();
    }

    private static void SkipAll(byte[] bytes, int size)
    {
        var scanner = new JsonScanner(new MemoryStream(bytes), "f", size);
        scanner.Skip();
        scanner.End();
    }

    private static void Value(JsonScanner scanner, StringBuilder text)
    {
        switch (scanner.Peek())
        {
            case JsonKind.Object:
                text.Append('{');
                scanner.EnterObject();
                while (scanner.NextProperty(out var name))
                {
                    text.Append(StrictText(name)).Append('=');
                    Value(scanner, text);
                }

                text.Append('}');
                break;
            case JsonKind.Array:
                text.Append('[');
                scanner.EnterArray();
                while (scanner.NextElement()) Value(scanner, text);
                text.Append(']');
                break;
            case JsonKind.String:
                text.Append('"').Append(scanner.ReadString()).Append('"');
                break;
            case JsonKind.Number:
                Number(text, scanner.TryReadInt64(out var whole) ? whole : scanner.ReadDouble());
                break;
            case JsonKind.Null:
                scanner.ReadNull();
                text.Append("null;");
                break;
            case JsonKind.None:
                throw scanner.Error("a value is expected, but 'x' stands there");
            default:
                text.Append(scanner.ReadBoolean()).Append(';');
                break;
        }
    }

    private static string StrictText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException("not UTF-8", e);
        }
    }

    private static void Number(StringBuilder text, double value)
        => text.Append(value == 0 ? "0" : double.IsInfinity(value) ? "∞" : value.ToString("R", CultureInfo.InvariantCulture)).Append(';');

    private static string? TryPlainly(byte[] bytes)
    {
        try
        {
            return Plainly(new UTF8Encoding(false, true).GetString(bytes));
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string Plainly(string json)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Value(document.RootElement, text);
        return text.ToString();
    }

    private static void Value(JsonElement element, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in element.EnumerateObject())
                {
                    text.Append(property.Name).Append('=');
                    Value(property.Value, text);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray()) Value(item, text);
                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append('"').Append(element.GetString()).Append('"');
                break;
            case JsonValueKind.Number:
                Number(text, element.GetDouble());
                break;
            case JsonValueKind.Null:
                text.Append("null;");
                break;
            default:
                text.Append(element.GetBoolean()).Append(';');
                break;
        }
    }
}
