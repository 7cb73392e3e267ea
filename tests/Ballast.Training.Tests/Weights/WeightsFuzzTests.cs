using System.Diagnostics;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>Whatever bytes a file of weights holds, reading gives tensors or a sentence, and takes no more memory than the file has bytes for.</summary>
public class WeightsFuzzTests(ITestOutputHelper output)
{
    private const int Cases = 100_000;

    [Fact]
    public void A_hundred_thousand_mutated_files_give_tensors_or_a_sentence()
    {
        byte[][] files = [.. ((string[])["state_dict.pth", "views.pth", "views_protocol4.pth", "types.pth", "checkpoint.pth", "parallel.pth"]).Select(name => File.ReadAllBytes(PyTorchFixtureTests.At(name))), .. Safetensors()];
        var random = new Random(20240607);
        var (read, refused, watch) = (0, 0, Process.GetCurrentProcess().TotalProcessorTime);
        for (var i = 0; i < Cases; i++)
        {
            var file = Mutate(files[i % files.Length], files[random.Next(files.Length)], random);
            var start = GC.GetAllocatedBytesForCurrentThread();
            if (Reads(file)) read++;
            else refused++;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, (200L * file.Length) + 100_000);
        }

        output.WriteLine($"{read} read, {refused} refused, {(Process.GetCurrentProcess().TotalProcessorTime - watch).TotalSeconds:0.0} CPU seconds");
        Assert.InRange(read, Cases / 20, Cases);
        Assert.InRange(refused, Cases / 20, Cases);
    }

    private static bool Reads(byte[] file)
    {
        try
        {
            using var weights = WeightsFile.Read(new MemorySource("x", file));
            foreach (var stored in weights.Tensors)
            {
                using var tensor = weights.Load(stored.Name);
                Assert.True(tensor.numel() * tensor.ElementSize <= file.Length);
            }

            return true;
        }
        catch (InputException e)
        {
            Assert.Contains("'x'", e.Message);
            return false;
        }
    }

    /// <summary>One to four changes: a byte, a bit, a number at its limits, a piece left out, doubled or from another file, or an end cut off.</summary>
    private static byte[] Mutate(byte[] whole, byte[] other, Random random)
    {
        var file = whole.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && file.Count > 8; changes--)
        {
            var at = random.Next(file.Count);
            var length = Math.Min(random.Next(1, 24), file.Count - at);
            switch (random.Next(7))
            {
                case 0: file[at] = (byte)random.Next(256); break;
                case 1: file[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: for (var i = 0; i < Math.Min(length, 8); i++) file[at + i] = (byte)(random.Next(2) * 255); break;
                case 3: file.RemoveRange(at, length); break;
                case 4: file.InsertRange(at, file.GetRange(at, length)); break;
                case 5:
                    var from = random.Next(other.Length);
                    file.InsertRange(at, other[from..Math.Min(other.Length, from + length)]);
                    break;
                default: if (random.Next(4) == 0) file.RemoveRange(at, file.Count - at); break;
            }
        }

        return [.. file];
    }

    private static byte[][] Safetensors()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        WeightsFile.Write(folder.At("a"), new Dictionary<string, Tensor> { ["conv1.weight"] = ones(2, 3), ["half"] = ones(3, dtype: ScalarType.Float16), ["empty"] = zeros(0) },
            new Dictionary<string, string> { ["a"] = "b" });
        WeightsFile.Write(folder.At("b"), new Dictionary<string, Tensor> { ["x"] = ones(2, dtype: ScalarType.Int64) });
        return [File.ReadAllBytes(folder.At("a")), File.ReadAllBytes(folder.At("b"))];
    }
}
