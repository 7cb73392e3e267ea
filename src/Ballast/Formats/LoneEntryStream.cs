using System.IO.Compression;

namespace Ballast;

/// <summary>One entry of a zip as a forward-only stream with an archive of its own, so that a long read blocks nobody and holds nothing in memory.</summary>
internal sealed class LoneEntryStream : Stream
{
    private readonly ZipArchive _archive;
    private readonly Stream _entry;

    /// <summary>Takes the archive over.</summary>
    public LoneEntryStream(ZipArchive archive, string entry)
    {
        _archive = archive;
        try
        {
            _entry = (archive.GetEntry(entry) ?? throw new InvalidDataException($"The entry '{entry}' is gone.")).Open();
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => _entry.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => _entry.Read(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _entry.Dispose();
            _archive.Dispose();
        }

        base.Dispose(disposing);
    }
}
