using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace Ballast;

internal sealed unsafe partial class JsonScanner
{
    private byte[] _scratch = [];

    /// <summary>Reads a text as a string.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadText());

    /// <summary>Reads a text as UTF-8, escapes resolved; valid until the next call.</summary>
    public ReadOnlySpan<byte> ReadText()
    {
        if (Next() != '"') throw Expected("a text");
        var length = TextLength(out var escaped);
        var start = _at + 1;
        var text = escaped ? Unescape(start, length) : new(start, length);
        if (!Utf8.IsValid(text)) throw Error("a text is not valid UTF-8");
        _at = start + length + 1;
        return text;
    }

    /// <summary>Reads a property name that is short, plain and followed by its colon; false, and nothing is consumed, for any other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadName(byte* quote, out ReadOnlySpan<byte> name)
    {
        var length = PlainLength(quote + 1);
        name = new(quote + 1, length);
        if (*quote != '"' || length == Vector128<byte>.Count || quote[length + 1] != '"' || quote[length + 2] != ':') return false;
        _at = quote + length + 3;
        return true;
    }

    /// <summary>A property name with escapes, with white space before its colon, or across the end of the buffer.</summary>
    private ReadOnlySpan<byte> ReadNameSlowly()
    {
        var length = TextLength(out var escaped);
        var colon = length + 2;
        while (_at[colon] != ':')
        {
            if (_at[colon] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            {
                colon++;
            }
            else if (_at + colon < _end || !Refill(_at))
            {
                _at += colon;
                throw Expected("':'");
            }
        }

        var start = _at + 1;
        var name = escaped ? Unescape(start, length) : new(start, length);
        _at += colon + 1;
        return name;
    }

    /// <summary>The number of bytes between the quote at the position and the one that closes the text; all of them are in the buffer then.</summary>
    private int TextLength(out bool escaped)
    {
        escaped = false;
        var ahead = 1;
        while (true)
        {
            var plain = PlainLength(_at + ahead);
            ahead += plain;
            if (plain == Vector128<byte>.Count) continue;
            if (_at[ahead] == '"') return ahead - 1;
            if (_at[ahead] == '\\' && _at + ahead + 1 < _end)
            {
                escaped = true;
                ahead += 2;
            }
            else if (_at + ahead < _end && _at[ahead] != '\\')
            {
                throw ErrorAt(_at + ahead, $"a text holds the control character 0x{_at[ahead]:X2}, which must be escaped");
            }
            else if (!Refill(_at))
            {
                throw ErrorAt(_end, "the file ends inside a text");
            }
        }
    }

    /// <summary>How many of the next 16 bytes stand before a quote, a backslash or a control character (such as the zeros behind the buffer's end).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlainLength(byte* text)
    {
        var bytes = Vector128.Load(text);
        var special = Vector128.Equals(bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
            | Vector128.Equals(Vector128.Min(bytes, Vector128.Create((byte)0x1F)), bytes);
        return BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits() | (1u << Vector128<byte>.Count));
    }

    private ReadOnlySpan<byte> Unescape(byte* start, int length)
    {
        if (_scratch.Length < length) _scratch = new byte[Math.Max(length, 256)];
        var written = 0;
        for (var i = 0; i < length; i++)
        {
            if (start[i] != '\\')
            {
                _scratch[written++] = start[i];
                continue;
            }

            i++;
            if (start[i] == 'u')
            {
                var rune = ReadEscapedRune(start, length, ref i);
                written += rune.EncodeToUtf8(_scratch.AsSpan(written));
            }
            else
            {
                _scratch[written++] = Unescape(start + i);
            }
        }

        return _scratch.AsSpan(0, written);
    }

    private byte Unescape(byte* escape) => *escape switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => *escape,
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => throw ErrorAt(escape, $"{Found(escape)} is no escape JSON knows"),
    };

    /// <summary>Reads XXXX, or XXXX\uXXXX for a surrogate pair; <paramref name="i"/> stands on the u before and on the last digit afterwards.</summary>
    private Rune ReadEscapedRune(byte* start, int length, ref int i)
    {
        var place = start + i;
        var first = ReadEscapedUnit(start, length, i + 1);
        i += 4;
        if (Rune.TryCreate(first, out var rune)) return rune;
        if (i + 6 < length && start[i + 1] == '\\' && start[i + 2] == 'u' && Rune.TryCreate(first, ReadEscapedUnit(start, length, i + 3), out rune))
        {
            i += 6;
            return rune;
        }

        throw ErrorAt(place, "an escaped surrogate has no partner");
    }

    private char ReadEscapedUnit(byte* start, int length, int from)
    {
        var value = 0;
        for (var i = from; i < from + 4; i++)
        {
            if (i >= length || !char.IsAsciiHexDigit((char)start[i])) throw ErrorAt(start + Math.Min(i, length), "four hexadecimal digits must follow \\u");
            value = (value << 4) | (start[i] <= '9' ? start[i] - '0' : (start[i] & ~0x20) - 'A' + 10);
        }

        return (char)value;
    }
}
