using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ballast;

internal sealed unsafe partial class JsonScanner
{
    private const int Block = 64;

    /// <summary>Skips a value of any kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Skip()
    {
        switch (KindOf(Next()))
        {
            case JsonKind.Object or JsonKind.Array:
                SkipNested();
                break;
            case JsonKind.String:
                _at++;
                SkipText();
                break;
            case JsonKind.Number:
                ReadDouble();
                break;
            case JsonKind.True or JsonKind.False:
                ReadBoolean();
                break;
            case JsonKind.Null:
                ReadNull();
                break;
            default:
                throw Expected("a value");
        }
    }

    /// <summary>Skips a value and tells where it stands in the file.</summary>
    /// <param name="file">The number of the file, kept in the range.</param>
    public ByteRange SkipRange(int file = 0)
    {
        Next();
        var start = Offset;
        Skip();
        var length = Offset - start;
        if (length > int.MaxValue) throw Error($"a single value is {length} bytes long; the most is {int.MaxValue}");
        return new(start, (int)length, file);
    }

    /// <summary>Skips an array or object: only brackets and quotes are looked at, a block at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SkipNested()
    {
        var outside = _depth;
        while (true)
        {
            if (_at >= _end && !Refill(_at)) throw Error("the file ends inside an array or object");
            var block = _at;
            var resume = block + Block < _end ? block + Block : _end;
            for (var marks = MarksOf(block); marks != 0; marks &= marks - 1)
            {
                _at = block + BitOperations.TrailingZeroCount(marks);
                if (*_at == '"')
                {
                    // The text may end in another block, or behind bytes that are not read yet.
                    _at++;
                    SkipText();
                    resume = _at;
                    break;
                }

                StepBracket();
                if (_depth == outside) return;
            }

            _at = resume;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StepBracket()
    {
        var bracket = *_at;
        if (bracket is (byte)'[' or (byte)'{')
        {
            Push(bracket == '{' ? 1UL : 0);
            return;
        }

        if ((_objects & 1) != (bracket == '}' ? 1UL : 0)) throw Expected((_objects & 1) == 1 ? "'}'" : "']'");
        Leave();
    }

    /// <summary>Skips the rest of a text, its closing quote included.</summary>
    private void SkipText()
    {
        while (true)
        {
            var ahead = new ReadOnlySpan<byte>(_at, (int)(_end - _at));
            var special = ahead.IndexOfAny((byte)'"', (byte)'\\');
            if (special >= 0 && ahead[special] == '"')
            {
                _at += special + 1;
                return;
            }

            if (special >= 0 && special + 1 < ahead.Length)
            {
                _at += special + 2;
                continue;
            }

            _at += special < 0 ? ahead.Length : special;
            if (!Refill(_at)) throw Error("the file ends inside a text");
        }
    }

    /// <summary>
    /// A bit for each of 64 bytes that is a bracket, a brace or a quote. Square and curly differ in bit 5 only, so two compares find all four.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MarksOf(byte* block)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var bytes = Vector512.Load(block);
            var folded = bytes | Vector512.Create((byte)0x20);
            return (Vector512.Equals(folded, Vector512.Create((byte)'{')) | Vector512.Equals(folded, Vector512.Create((byte)'}'))
                | Vector512.Equals(bytes, Vector512.Create((byte)'"'))).ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated) return MarksOf32(block) | ((ulong)MarksOf32(block + 32) << 32);
        return MarksOf16(block) | ((ulong)MarksOf16(block + 16) << 16) | ((ulong)MarksOf16(block + 32) << 32) | ((ulong)MarksOf16(block + 48) << 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MarksOf32(byte* block)
    {
        var bytes = Vector256.Load(block);
        var folded = bytes | Vector256.Create((byte)0x20);
        return (Vector256.Equals(folded, Vector256.Create((byte)'{')) | Vector256.Equals(folded, Vector256.Create((byte)'}'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MarksOf16(byte* block)
    {
        var bytes = Vector128.Load(block);
        var folded = bytes | Vector128.Create((byte)0x20);
        return (Vector128.Equals(folded, Vector128.Create((byte)'{')) | Vector128.Equals(folded, Vector128.Create((byte)'}'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))).ExtractMostSignificantBits();
    }
}
