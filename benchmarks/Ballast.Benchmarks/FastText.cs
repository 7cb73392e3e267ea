using System.Buffers.Text;
using System.Text;

namespace Ballast.Benchmarks;

/// <summary>Appends text and numbers to a file as UTF-8, numbers in their shortest form.</summary>
internal sealed class FastText(string file) : IDisposable
{
    private readonly FileStream _stream = new(file, FileMode.Create, FileAccess.Write, FileShare.None, 1);
    private readonly byte[] _buffer = new byte[1 << 20];
    private int _count;

    public FastText Add(string text)
    {
        MakeRoom(text.Length * 3);
        _count += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_count));
        return this;
    }

    public FastText Add(long value)
    {
        MakeRoom(32);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_count), out var written);
        _count += written;
        return this;
    }

    public FastText Add(long value, byte digits)
    {
        MakeRoom(32);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_count), out var written, new('D', digits));
        _count += written;
        return this;
    }

    public FastText Add(double value)
    {
        MakeRoom(32);
        Utf8Formatter.TryFormat(value, _buffer.AsSpan(_count), out var written);
        _count += written;
        return this;
    }

    public void Dispose()
    {
        Flush();
        _stream.Dispose();
    }

    private void MakeRoom(int length)
    {
        if (_buffer.Length - _count < length) Flush();
    }

    private void Flush()
    {
        _stream.Write(_buffer, 0, _count);
        _count = 0;
    }
}
