using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>What a JSON value is, told by its first byte.</summary>
internal enum JsonKind : byte
{
    /// <summary>No value starts here.</summary>
    None,
    Object,
    Array,
    String,

    /// <summary>A number, or one of the tokens NaN, Infinity and -Infinity that Python's json writes.</summary>
    Number,
    True,
    False,
    Null,
}

/// <summary>
/// A forward-only reader of UTF-8 JSON that is led by what the caller wants: properties are dispatched by their bytes, unwanted values are skipped by counting
/// brackets 64 bytes at a time, numbers are read without making text. It reads a stream in chunks, so memory does not grow with the file, and a file that
/// shrinks meanwhile gives an error (under a memory map it would end the process).
/// <para>
/// What is read is checked as RFC 8259 asks. Three leniencies: a UTF-8 byte order mark is skipped, the tokens NaN, Infinity and -Infinity are numbers, and
/// inside skipped arrays and objects only brackets and the ends of texts are checked.
/// </para>
/// </summary>
internal sealed unsafe partial class JsonScanner
{
    /// <summary>How deep values may nest.</summary>
    public const int MaxDepth = 64;

    private const int BufferSize = 1 << 18;
    private const int LongestToken = 1 << 26;

    /// <summary>Zero bytes behind the data: no token goes on through them, and vectors may read them.</summary>
    private const int Slack = 64;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly CancellationToken _cancellation;
    private byte[] _buffer;
    private byte* _base;
    private byte* _at;
    private byte* _end;
    private long _baseOffset;
    private long _linesBefore;
    private long _lineStart;
    private bool _ended;
    private bool _fresh;
    private int _depth;
    private ulong _objects;

    /// <summary>Starts reading; the byte order mark, if any, is skipped.</summary>
    /// <param name="stream">The bytes; not disposed here.</param>
    /// <param name="file">What sentences call the file.</param>
    /// <param name="bufferSize">Bytes held at a time (more only while a single text or number is longer).</param>
    /// <param name="cancellation">Looked at before each chunk.</param>
    public JsonScanner(Stream stream, string file, int bufferSize = BufferSize, CancellationToken cancellation = default)
    {
        _stream = stream;
        _file = file;
        _cancellation = cancellation;
        _buffer = [];
        Grow(Math.Max(bufferSize, 16));
        while (_end - _base < 3 && Refill(_base))
        {
        }

        HasByteOrderMark = _end - _base >= 3 && _base[0] == 0xEF && _base[1] == 0xBB && _base[2] == 0xBF;
        if (HasByteOrderMark) _at += 3;
        if (_end - _base >= 2 && (_base[0], _base[1]) is (0xFF, 0xFE) or (0xFE, 0xFF))
            throw new InputException($"'{_file}' is UTF-16 text; JSON is read as UTF-8. Save the file as UTF-8.");
    }

    /// <summary>Whether the file starts with a UTF-8 byte order mark.</summary>
    public bool HasByteOrderMark { get; }

    /// <summary>Position of the next unread byte in the file.</summary>
    public long Offset => _baseOffset + (_at - _base);

    /// <summary>Told how many bytes were read so far, once a chunk.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>The kind of the next value; nothing is consumed but white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonKind Peek() => KindOf(Next());

    /// <summary>Enters an object; then call <see cref="NextProperty"/> until it is false.</summary>
    public void EnterObject()
    {
        if (Next() != '{') throw Expected("an object");
        Push(1);
        _at++;
        _fresh = true;
    }

    /// <summary>Enters an array; then call <see cref="NextElement"/> until it is false.</summary>
    public void EnterArray()
    {
        if (Next() != '[') throw Expected("an array");
        Push(0);
        _at++;
        _fresh = true;
    }

    /// <summary>Steps to the next element of the array, whose value must then be read or skipped; false leaves the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextElement()
    {
        var next = Next();
        if (next == ']')
        {
            Leave();
            return false;
        }

        if (_fresh)
        {
            _fresh = false;
            return true;
        }

        if (next != ',') throw Expected("',' or ']'");
        _at++;
        if (Next() == ']') throw Expected("a value");
        return true;
    }

    /// <summary>Steps to the next property of the object, whose value must then be read or skipped; false leaves the object.</summary>
    /// <param name="name">Its name, unescaped; valid until the next call.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool NextProperty(out ReadOnlySpan<byte> name)
    {
        if (!_fresh && *_at == ',' && TryReadName(_at[1] == ' ' ? _at + 2 : _at + 1, out name)) return true;
        var next = Next();
        if (next == '}')
        {
            name = default;
            Leave();
            return false;
        }

        if (_fresh)
        {
            _fresh = false;
        }
        else
        {
            if (next != ',') throw Expected("',' or '}'");
            _at++;
            next = Next();
        }

        if (next != '"') throw Expected("a property name");
        if (TryReadName(_at, out name)) return true;
        name = ReadNameSlowly();
        return true;
    }

    /// <summary>Checks that nothing but white space follows.</summary>
    public void End()
    {
        if (Next() != 0 || _at < _end) throw Expected("the end of the file");
    }

    /// <summary>An error at the next unread byte: one sentence with file, line, column (in bytes) and byte offset.</summary>
    public InputException Error(string what) => ErrorAt(_at, what);

    private InputException ErrorAt(byte* place, string what)
    {
        var before = new ReadOnlySpan<byte>(_base, (int)(place - _base));
        var line = _linesBefore + before.Count((byte)'\n') + 1;
        var newline = before.LastIndexOf((byte)'\n');
        var offset = _baseOffset + before.Length;
        var column = offset - (newline < 0 ? _lineStart : _baseOffset + newline + 1) + 1;
        return new($"'{_file}' cannot be read as JSON at line {line}, column {column} (byte {offset}): {what}.");
    }

    private InputException Expected(string what) => ErrorAt(_at, $"{what} is expected, but {Found(_at)} stands there");

    private string Found(byte* place) => place >= _end ? "the end of the file" : *place is > 0x20 and < 0x7F ? $"'{(char)*place}'" : $"byte 0x{*place:X2}";

    /// <summary>The next byte that is not white space, moved to; 0 at the end of the file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Next()
    {
        var next = *_at;
        if (next > ' ') return next;
        if (next == ' ' && _at[1] > ' ')
        {
            _at++;
            return *_at;
        }

        return NextAfterSpace();
    }

    private byte NextAfterSpace()
    {
        while (true)
        {
            switch (*_at)
            {
                case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r':
                    _at++;
                    break;
                case 0 when _at >= _end:
                    if (!Refill(_at)) return 0;
                    break;
                default:
                    return *_at;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static JsonKind KindOf(byte first) => first switch
    {
        (byte)'"' => JsonKind.String,
        (byte)'-' or (byte)'N' or (byte)'I' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
        (byte)'[' => JsonKind.Array,
        (byte)'{' => JsonKind.Object,
        (byte)'t' => JsonKind.True,
        (byte)'f' => JsonKind.False,
        (byte)'n' => JsonKind.Null,
        _ => JsonKind.None,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(ulong isObject)
    {
        if (_depth == MaxDepth) throw Error($"values nest deeper than {MaxDepth}");
        _objects = (_objects << 1) | isObject;
        _depth++;
    }

    private void Leave()
    {
        _at++;
        _depth--;
        _objects >>= 1;
        _fresh = false;
    }

    /// <summary>
    /// Reads more bytes behind those from <paramref name="keep"/> on, which move to the front; false at the end of the file. Everything before
    /// <paramref name="keep"/> is forgotten, but its lines are counted for errors.
    /// </summary>
    private bool Refill(byte* keep)
    {
        if (_ended) return false;
        _cancellation.ThrowIfCancellationRequested();
        Forget((int)(keep - _base));
        if (_end - _base == _buffer.Length - Slack) Grow(_buffer.Length * 2);
        var count = Fill(new(_end, _buffer.Length - Slack - (int)(_end - _base)));
        _end += count;
        new Span<byte>(_end, Slack).Clear();
        _ended = count == 0;
        Progress?.Invoke(_baseOffset + (_end - _base));
        return !_ended;
    }

    private int Fill(Span<byte> free)
    {
        try
        {
            return _stream.Read(free);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new InputException($"'{_file}' cannot be read on from byte {_baseOffset + (_end - _base)}: {e.Message}", e);
        }
    }

    private void Forget(int count)
    {
        if (count == 0) return;
        var gone = new ReadOnlySpan<byte>(_base, count);
        _linesBefore += gone.Count((byte)'\n');
        var newline = gone.LastIndexOf((byte)'\n');
        if (newline >= 0) _lineStart = _baseOffset + newline + 1;
        var kept = (int)(_end - _base) - count;
        new ReadOnlySpan<byte>(_base + count, kept).CopyTo(new(_base, kept));
        _at -= count;
        _end -= count;
        _baseOffset += count;
    }

    private void Grow(int size)
    {
        if (size > LongestToken) throw Error($"a single value is longer than {LongestToken} bytes");
        var larger = GC.AllocateUninitializedArray<byte>(size + Slack, pinned: true);
        var held = (int)(_end - _base);
        var ahead = (int)(_at - _base);
        _buffer.AsSpan(0, held).CopyTo(larger);
        larger.AsSpan(held, Slack).Clear();
        _buffer = larger;
        _base = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(larger));
        _at = _base + ahead;
        _end = _base + held;
    }
}
