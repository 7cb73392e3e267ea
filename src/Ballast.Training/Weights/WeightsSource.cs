using Microsoft.Win32.SafeHandles;

namespace Ballast.Training;

/// <summary>Bytes that are read where they are needed.</summary>
internal abstract class WeightsSource(string name) : IDisposable
{
    /// <summary>The file's name, for sentences.</summary>
    public string Name { get; } = name;

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills a span from a place that lies inside.</summary>
    /// <exception cref="InputException">The file ends before, or cannot be read.</exception>
    public abstract void Read(long offset, Span<byte> bytes);

    /// <summary>Some bytes.</summary>
    /// <exception cref="InputException">The file ends before, or cannot be read.</exception>
    public byte[] Read(long offset, long count)
    {
        if (offset < 0 || count < 0 || count > Length - offset) throw Damaged($"it ends at byte {Length}, before its content does");
        var bytes = new byte[count];
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>What is said of a file whose bytes do not fit together.</summary>
    public InputException Damaged(string what) => new($"'{Name}' is damaged: {what}. Copy or download it again.");

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}

/// <summary>A file, open for reading.</summary>
internal sealed class FileSource : WeightsSource
{
    private readonly SafeFileHandle _file;

    public FileSource(string path)
        : base(path)
    {
        try
        {
            _file = File.OpenHandle(path);
            Length = RandomAccess.GetLength(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InputException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    public override long Length { get; }

    public override void Read(long offset, Span<byte> bytes)
    {
        try
        {
            for (int read; bytes.Length > 0; bytes = bytes[read..], offset += read)
            {
                read = RandomAccess.Read(_file, bytes, offset);
                if (read == 0) throw Damaged("it became shorter while it was read");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{Name}' cannot be read: {e.Message}", e);
        }
    }

    public override void Dispose()
    {
        _file.Dispose();
        base.Dispose();
    }
}

/// <summary>A file's content in memory.</summary>
internal sealed class MemorySource(string name, ReadOnlyMemory<byte> content) : WeightsSource(name)
{
    public override long Length => content.Length;

    public override void Read(long offset, Span<byte> bytes) => content.Span.Slice((int)offset, bytes.Length).CopyTo(bytes);
}
