using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ballast;

internal sealed unsafe partial class JsonScanner
{
    /// <summary>Whole numbers up to here are doubles without rounding.</summary>
    private const ulong ExactMantissa = 1UL << 53;

    /// <summary>Digits that surely fit 64 bits.</summary>
    private const int SafeDigits = 19;

    /// <summary>The powers of ten that are doubles without rounding: a quotient of two exact doubles is the correctly rounded number.</summary>
    private static ReadOnlySpan<double> ExactPowers =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>Reads a number, correctly rounded (what is too large becomes infinite), or one of the tokens NaN, Infinity, -Infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double ReadDouble()
    {
        Next();
        var at = _at;
        if (!TryParse(ref at, out var value)) return ReadDoubleSlowly();
        _at = at;
        return value;
    }

    /// <summary>
    /// Reads an array that holds just so many plain numbers; false, and nothing is consumed, for any other value (which may still be a fair one).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryReadDoubles(Span<double> values)
    {
        if (Next() != '[') return false;
        var at = _at + 1;
        for (var i = 0; i < values.Length; i++)
        {
            while (*at == ' ') at++;
            if (!TryParse(ref at, out values[i])) return false;
            if (*at != (i == values.Length - 1 ? ']' : ',')) return false;
            at++;
        }

        if (values.IsEmpty) return false;
        _fresh = false;
        _at = at;
        return true;
    }

    /// <summary>Parses a number of common form that ends in the buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryParse(ref byte* place, out double value)
    {
        var at = place;
        var negative = *at == '-';
        if (negative) at++;
        var digits = at;
        var mantissa = 0UL;
        uint digit;
        while ((digit = (uint)*at - '0') <= 9)
        {
            mantissa = mantissa * 10 + digit;
            at++;
        }

        var (whole, fraction) = ((int)(at - digits), 0);
        if (*at == '.')
        {
            var point = ++at;
            while ((digit = (uint)*at - '0') <= 9)
            {
                mantissa = mantissa * 10 + digit;
                at++;
            }

            fraction = (int)(at - point);
            if (fraction == 0) whole = 0;
        }

        place = at;
        value = 0;
        if (whole == 0 || (whole > 1 && *digits == '0') || whole + fraction > SafeDigits || (*at | 0x20) == 'e' || at >= _end) return false;
        value = mantissa <= ExactMantissa ? mantissa / ExactPowers[fraction] : ParseExactly(digits, (int)(at - digits));
        if (negative) value = -value;
        return true;
    }

    /// <summary>Reads a number that is written as a whole one and fits 64 bits; false, and nothing is consumed, for any other value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryReadInt64(out long value)
    {
        Next();
        var at = _at;
        var negative = *at == '-';
        if (negative) at++;
        var digits = at;
        var magnitude = 0L;
        uint digit;
        while ((digit = (uint)*at - '0') <= 9)
        {
            magnitude = magnitude * 10 + digit;
            at++;
        }

        var count = (int)(at - digits);
        if (count == 0 || count >= SafeDigits || (count > 1 && *digits == '0') || *at == '.' || (*at | 0x20) == 'e' || at >= _end)
            return TryReadInt64Slowly(out value);
        _at = at;
        value = negative ? -magnitude : magnitude;
        return true;
    }

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        Next();
        if (TryReadLiteral("true"u8)) return true;
        if (TryReadLiteral("false"u8)) return false;
        throw Expected("true or false");
    }

    /// <summary>Reads null.</summary>
    public void ReadNull()
    {
        Next();
        if (!TryReadLiteral("null"u8)) throw Expected("null");
    }

    private bool TryReadInt64Slowly(out long value)
    {
        value = 0;
        if (KindOf(*_at) != JsonKind.Number) return false;
        var length = NumberLength();
        if (!long.TryParse(new ReadOnlySpan<byte>(_at, length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return false;
        _at += length;
        return true;
    }

    private double ReadDoubleSlowly()
    {
        if (KindOf(*_at) != JsonKind.Number) throw Expected("a number");
        if (TryReadLiteral("NaN"u8)) return double.NaN;
        if (TryReadLiteral("Infinity"u8)) return double.PositiveInfinity;
        if (TryReadLiteral("-Infinity"u8)) return double.NegativeInfinity;
        var length = NumberLength();
        if (length == 0) throw Expected("a number");
        var value = ParseExactly(_at, length);
        _at += length;
        return value;
    }

    private static double ParseExactly(byte* digits, int length)
        => double.Parse(new ReadOnlySpan<byte>(digits, length), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Length of the number at the position by JSON's grammar; all of it is in the buffer then. 0 for NaN and infinities.</summary>
    private int NumberLength()
    {
        if (*_at is (byte)'N' or (byte)'I' || (*_at == '-' && ByteAt(1) == 'I')) return 0;
        var length = *_at == '-' ? 1 : 0;
        if (ByteAt(length) == '0') length++;
        else length = Digits(length);
        if (ByteAt(length) == '.') length = Digits(length + 1);
        if ((ByteAt(length) | 0x20) == 'e')
        {
            length++;
            if (ByteAt(length) is (byte)'+' or (byte)'-') length++;
            length = Digits(length);
        }

        if (ByteAt(length) is (>= (byte)'0' and <= (byte)'9') or (byte)'.') throw ErrorAt(_at + length, "a number is malformed");
        return length;
    }

    private int Digits(int from)
    {
        var length = from;
        while (ByteAt(length) is >= (byte)'0' and <= (byte)'9') length++;
        if (length == from) throw ErrorAt(_at + length, $"a digit is expected, but {Found(_at + length)} stands there");
        return length;
    }

    /// <summary>A byte ahead of the position, read from the stream when it must be; 0 behind the end of the file.</summary>
    private byte ByteAt(int ahead)
    {
        while (_at + ahead >= _end && Refill(_at))
        {
        }

        return _at + ahead < _end ? _at[ahead] : (byte)0;
    }

    private bool TryReadLiteral(ReadOnlySpan<byte> literal)
    {
        while (_end - _at < literal.Length && Refill(_at))
        {
        }

        if (!new ReadOnlySpan<byte>(_at, (int)(_end - _at)).StartsWith(literal)) return false;
        _at += literal.Length;
        return true;
    }
}
