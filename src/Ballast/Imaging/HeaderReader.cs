using System.Buffers.Binary;

namespace Ballast;

/// <summary>
/// Reads the front of an image file forwards, within bounds: what a header claims about lengths moves the position and never allocates, and a file that sends
/// the reader round in circles runs out of budget.
/// </summary>
internal sealed class HeaderReader(Stream stream)
{
    private const long MostRead = 4 << 20;
    private const long MostSkippedByReading = 64 << 20;
    private readonly byte[] _scratch = new byte[4096];
    private long _budget = MostRead;
    private long _skipBudget = MostSkippedByReading;

    /// <summary>Bytes from the start of the image.</summary>
    public long Position { get; private set; }

    /// <summary>Fills the buffer; false when the file ends first or the budget is spent.</summary>
    public bool TryRead(Span<byte> buffer)
    {
        _budget -= buffer.Length;
        if (_budget < 0) return false;
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        Position += read;
        return read == buffer.Length;
    }

    /// <summary>Reads a number of bytes into a new array, or null.</summary>
    public byte[]? Read(int length)
    {
        if (length < 0 || length > _budget) return null;
        var bytes = new byte[length];
        return TryRead(bytes) ? bytes : null;
    }

    /// <summary>Moves forward; false when the file ends first, where that is known.</summary>
    public bool TrySkip(long count)
    {
        if (count < 0 || _budget <= 0) return false;
        _budget--;
        return stream.CanSeek ? TrySeek(count) : TrySkipByReading(count);
    }

    public int? ReadByte() => TryRead(_scratch.AsSpan(0, 1)) ? _scratch[0] : null;

    public int? ReadUInt16BigEndian() => TryRead(_scratch.AsSpan(0, 2)) ? BinaryPrimitives.ReadUInt16BigEndian(_scratch) : null;

    private bool TrySeek(long count)
    {
        if (stream.Length - stream.Position < count) return false;
        stream.Seek(count, SeekOrigin.Current);
        Position += count;
        return true;
    }

    private bool TrySkipByReading(long count)
    {
        _skipBudget -= count;
        if (_skipBudget < 0) return false;
        while (count > 0)
        {
            var read = stream.Read(_scratch, 0, (int)Math.Min(count, _scratch.Length));
            if (read == 0) return false;
            count -= read;
            Position += read;
        }

        return true;
    }
}
