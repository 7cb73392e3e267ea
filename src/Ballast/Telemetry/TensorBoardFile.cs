using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Ballast;

/// <summary>
/// Writes telemetry as TensorBoard reads it: records framed as TFRecord does (length, masked CRC-32C, payload, masked CRC-32C), each an <c>Event</c> of protocol buffers.
/// Scalars are <c>simple_value</c>, histograms <c>HistogramProto</c>.
/// </summary>
public sealed class TensorBoardFile : IDisposable
{
    private const uint MaskDelta = 0xA282EAD8;

    private readonly Lock _lock = new();
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly Values<string> _classes;

    /// <summary>Opens a new file.</summary>
    /// <param name="path">TensorBoard looks at files that have "tfevents" in their name; see <see cref="NameFor"/>.</param>
    /// <param name="classes">Names of the classes, K.</param>
    /// <param name="time">Gives the time that stands at each event; null for the system's.</param>
    /// <exception cref="InputException">The name has no "tfevents", or the file cannot be written.</exception>
    public TensorBoardFile(string path, Values<string> classes, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(classes);
        if (!Path.GetFileName(path).Contains("tfevents", StringComparison.Ordinal))
            throw new InputException($"'{path}' has no \"tfevents\" in its name, so TensorBoard would not look at it. Name it {NameFor(0)}, for example.");
        (_classes, _time) = (classes, time ?? TimeProvider.System);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            _stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {e.Message}", e);
        }

        Append(new ProtocolMessage().Double(1, Now).Text(3, "brain.Event:2"));
    }

    /// <summary>A name for the events from a step on: a run that is resumed writes a file of its own, and TensorBoard joins them.</summary>
    /// <param name="step">Steps that are done.</param>
    public static string NameFor(long step) => FormattableString.Invariant($"events.out.tfevents.{step:D10}.ballast");

    /// <summary>Appends what a line says. Safe to call from several threads.</summary>
    public void Write(TelemetryLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (TensorBoardSummary.Of(line, _classes) is { Length: > 0 } summary) Append(new ProtocolMessage().Double(1, Now).Number(2, line.Step).Message(5, summary));
    }

    /// <summary>Hands what is buffered to the system.</summary>
    public void Flush()
    {
        lock (_lock) _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C (Castagnoli) of bytes, rotated and moved, as TFRecord keeps it beside data that may hold checksums themselves.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var value in bytes) sum = BitOperations.Crc32C(sum, value);
        return BitOperations.RotateRight(~sum, 15) + MaskDelta;
    }

    private double Now => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    private void Append(ProtocolMessage message)
    {
        var payload = message.ToArray();
        var record = new byte[12 + payload.Length + 4];
        BinaryPrimitives.WriteInt64LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        payload.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + payload.Length), MaskedChecksum(payload));
        lock (_lock) _stream.Write(record);
    }
}

/// <summary>A message of protocol buffers as it is written, field by field.</summary>
internal sealed class ProtocolMessage
{
    private const int Varint = 0;
    private const int EightBytes = 1;
    private const int Bytes = 2;
    private const int FourBytes = 5;

    private readonly List<byte> _bytes = [];

    /// <summary>Bytes so far.</summary>
    public int Length => _bytes.Count;

    public ProtocolMessage Double(int field, double value)
    {
        Key(field, EightBytes);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtocolMessage Single(int field, float value)
    {
        Key(field, FourBytes);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtocolMessage Number(int field, long value)
    {
        Key(field, Varint);
        Variable((ulong)value);
        return this;
    }

    public ProtocolMessage Text(int field, string value) => Packed(field, Encoding.UTF8.GetBytes(value));

    public ProtocolMessage Message(int field, ProtocolMessage value) => Packed(field, value.ToArray());

    public ProtocolMessage Doubles(int field, ReadOnlySpan<double> values)
    {
        var bytes = new byte[8 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        return Packed(field, bytes);
    }

    public byte[] ToArray() => [.. _bytes];

    private ProtocolMessage Packed(int field, byte[] bytes)
    {
        Key(field, Bytes);
        Variable((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    private void Key(int field, int type) => Variable((ulong)((field << 3) | type));

    private void Variable(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
