namespace Ballast;

/// <summary>
/// An entry of a zip as it inflates: forwards only, never more bytes than the directory promises, and the archive's handle goes back to its pool at the
/// end.
/// </summary>
internal sealed class ZipEntryStream(Stream inner, long length, string name, Action giveBack) : Stream
{
    private long _position;
    private bool _disposed;

    /// <summary>The length the zip's directory promises.</summary>
    public long ExpectedLength => length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            _position += read;
            if (_position > length) throw new InputException($"'{name}' inflates to more than the {length} bytes its zip promises; it was not read.");
            return read;
        }
        catch (Exception e) when (ZipTree.IsDamage(e))
        {
            throw new InputException($"'{name}' cannot be read from the zip: {e.Message}", e);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            inner.Dispose();
            giveBack();
        }

        base.Dispose(disposing);
    }
}
