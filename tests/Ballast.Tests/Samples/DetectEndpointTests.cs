using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Ballast.Tests.Cli;

namespace Ballast.Tests.Samples;

/// <summary>The endpoint of samples/detect-endpoint, built, started and asked.</summary>
public sealed class DetectEndpointTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("ballast-tests-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_answers_images_with_objects_and_what_is_no_image_with_a_sentence()
    {
        using var limit = new CancellationTokenSource(Limit);
        using var process = Start(SmallRun.Save(_folder), "--urls=http://127.0.0.1:0");
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            using var client = new HttpClient { BaseAddress = await Address(process, limit.Token) };
            Assert.Equal(SmallRun.Classes, JsonSerializer.Deserialize<string[]>(await client.GetStringAsync("/classes", limit.Token)));
            using var image = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(SmallRun.SaveImages(_folder, 1), "0.png"), limit.Token));
            using var answer = await client.PostAsync("/detect?tiles=64", image, limit.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var objects = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(limit.Token));
            Assert.All(objects.RootElement.EnumerateArray(), each => Assert.Equal(4, each.GetProperty("box").GetArrayLength()));
            using var refused = await client.PostAsync("/detect", new StringContent("no image"), limit.Token);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("no JPEG", await refused.Content.ReadAsStringAsync(limit.Token), StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        await error;
    }

    private static Process Start(params string[] args)
    {
        var program = Path.Combine(Repository.Root, "samples", "detect-endpoint", "endpoint.cs");
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", program, "--", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // What `dotnet test` sets for itself would lead the program's build astray, and a build that stays behind would keep the output open.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Where the program listens, which it prints once it does.</summary>
    private static async Task<Uri> Address(Process process, CancellationToken cancellation)
    {
        const string word = "Now listening on: ";
        var printed = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            printed.Add(line);
            if (line.IndexOf(word, StringComparison.Ordinal) is >= 0 and var at) return new(line[(at + word.Length)..].Trim());
        }

        throw new InvalidOperationException($"The endpoint ended with {process.ExitCode}: {string.Join('\n', printed)}");
    }
}
