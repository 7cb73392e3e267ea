using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Ballast.Benchmarks;

/// <summary>The platform's own reader over the same file, token by token and nothing kept: the yardstick that tells a slow machine from slow code.</summary>
internal static class TokenBenchmark
{
    public static int Run(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var buffer = new byte[1 << 18];
        var (held, tokens, state) = (0, 0L, new JsonReaderState());
        while (true)
        {
            var read = stream.Read(buffer, held, buffer.Length - held);
            var reader = new Utf8JsonReader(buffer.AsSpan(0, held + read), isFinalBlock: read == 0, state);
            while (reader.Read()) tokens++;
            state = reader.CurrentState;
            var consumed = (int)reader.BytesConsumed;
            held = held + read - consumed;
            Buffer.BlockCopy(buffer, consumed, buffer, 0, held);
            if (read == 0) break;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Utf8JsonReader: {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:F2} CPU s since the process began, {tokens} tokens"));
        return 0;
    }
}
