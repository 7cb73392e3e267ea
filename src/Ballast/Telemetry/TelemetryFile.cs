using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// Reads <c>telemetry.jsonl</c>, a line a JSON object. A process that was killed may leave its last line unfinished; that line does not count.
/// </summary>
public static class TelemetryFile
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>One line, numbers that are not finite as the texts "NaN" and "Infinity".</summary>
    internal static JsonSerializerOptions Options { get; } = new(RecipeJson.Compact) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>All lines, in order; none when there is no file.</summary>
    /// <exception cref="InputException">The file cannot be read, or a line is no telemetry.</exception>
    public static IReadOnlyList<TelemetryLine> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) return [];
        var lines = new List<TelemetryLine>();
        foreach (var (text, number) in Finished(Bytes(path)).Select((text, index) => (text, index + 1)))
        {
            try
            {
                lines.Add(JsonSerializer.Deserialize<TelemetryLine>(text.Span, Options) ?? throw new JsonException("it is null"));
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                throw new InputException($"'{path}', line {number}: it is no telemetry of this version. Delete the line, or train into another folder.", e);
            }
        }

        return lines;
    }

    /// <summary>A line as it is written, without its end.</summary>
    internal static byte[] Bytes(TelemetryLine line) => JsonSerializer.SerializeToUtf8Bytes(line, Options);

    /// <summary>How many bytes stand before the first line of a later step, or before a line that is not finished.</summary>
    internal static long LengthTo(string path, long step)
    {
        var length = 0L;
        foreach (var text in Finished(Bytes(path)))
        {
            // A line that cannot be read is left alone: it is what reading complains of.
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.TryGetProperty("step", out var own) && own.TryGetInt64(out var number) && number > step) break;
            length += text.Length + 1;
        }

        return length;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Finished(byte[] bytes)
    {
        var start = 0;
        for (var end = Array.IndexOf(bytes, LineEnd); end >= 0; end = Array.IndexOf(bytes, LineEnd, start))
        {
            yield return bytes.AsMemory(start, end - start);
            start = end + 1;
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>Appends to <c>telemetry.jsonl</c>: the one writer of a run, whoever measures. A line is written whole; what is said at once goes out at once.</summary>
public sealed class TelemetryWriter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _stream;

    /// <summary>Opens the file, and takes away what stands in it of steps that are done again.</summary>
    /// <param name="path">The file; it is made when it is not there.</param>
    /// <param name="step">Steps that are done: 0 for a new run, those of the checkpoint for a resumed one.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public TelemetryWriter(string path, long step = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            var length = File.Exists(path) && step > 0 ? TelemetryFile.LengthTo(path, step) : 0;
            _stream = new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 14);
            _stream.SetLength(length);
            _stream.Seek(length, SeekOrigin.Begin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new InputException($"'{path}' holds a line that is no telemetry. Delete it, or train into another folder.", e);
        }
    }

    /// <summary>Appends a line. Safe to call from several threads.</summary>
    public void Write(TelemetryLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        byte[] bytes = [.. TelemetryFile.Bytes(line), (byte)'\n'];
        lock (_lock) _stream.Write(bytes);
    }

    /// <summary>Hands what is buffered to the system, so that it outlives this process.</summary>
    public void Flush()
    {
        lock (_lock) _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
