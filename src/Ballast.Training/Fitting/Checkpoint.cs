using System.Runtime.Intrinsics.X86;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// All that a training needs to go on to the same bits, in one safetensors file: weights and what remedies remember (<c>detector.*</c>), the optimizer's memory,
/// the average (<c>average.*</c>), libtorch's random state; and, as the file's metadata, step, options, facts, versions, threads and instruction set.
/// </summary>
public static class Checkpoint
{
    private const string DetectorPrefix = "detector.";
    private const string AveragePrefix = "average.";
    private const string OptimizerName = "optimizer";
    private const string RandomName = "random";

    /// <summary>Writes a checkpoint, whole or not at all.</summary>
    /// <param name="trainer">Between two steps.</param>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Save(Trainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using var scope = NewDisposeScope();
        var tensors = trainer.Detector.state_dict().ToDictionary(pair => DetectorPrefix + pair.Key, pair => pair.Value);
        foreach (var (name, tensor) in trainer.Average?.Weights ?? new Dictionary<string, Tensor>()) tensors[AveragePrefix + name] = tensor;
        tensors[OptimizerName] = OptimizerMemory(trainer.Optimizer);
        tensors[RandomName] = random.get_rng_state();
        WeightsFile.Write(path, tensors, Metadata(trainer));
    }

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <param name="trainer">Made from the same options; nothing in it is kept.</param>
    /// <param name="path">The file.</param>
    /// <returns>What differs from the machine it was written on and can change the last bits; empty when nothing does.</returns>
    /// <exception cref="InputException">The file is damaged, or of another training; the message names the difference.</exception>
    public static IReadOnlyList<string> Resume(Trainer trainer, string path)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var file = WeightsFile.Read(path);
        var expected = Metadata(trainer);
        foreach (var name in (string[])["detector", "training", "facts"]) CheckSame(path, name, file.Metadata.GetValueOrDefault(name), expected[name]);
        Fill(file, DetectorPrefix, trainer.Detector.state_dict());
        if (trainer.Average is { } average) Fill(file, AveragePrefix, average.Weights);
        LoadMemory(trainer.Optimizer, file.Load(OptimizerName));
        random.set_rng_state(file.Load(RandomName));
        trainer.Step = long.Parse(file.Metadata["step"], System.Globalization.CultureInfo.InvariantCulture);
        return [.. MachineNames.Where(name => file.Metadata.GetValueOrDefault(name) != expected[name])
            .Select(name => $"{name} was {file.Metadata.GetValueOrDefault(name) ?? "not recorded"} and is {expected[name]}")];
    }

    /// <summary>What stands before the names of the weights to use: the average's, where one was kept.</summary>
    internal static string PrefixToUse(WeightsFile file) => file.Tensors.Any(tensor => tensor.Name.StartsWith(AveragePrefix, StringComparison.Ordinal)) ? AveragePrefix : DetectorPrefix;

    /// <summary>Steps that were done when a checkpoint was written.</summary>
    public static long StepOf(string path)
    {
        using var file = WeightsFile.Read(path);
        return file.Metadata.TryGetValue("step", out var step) ? long.Parse(step, System.Globalization.CultureInfo.InvariantCulture)
            : throw new InputException($"'{path}' is no checkpoint: it says of no step.");
    }

    private static readonly string[] MachineNames = ["threads", "instructionSet", "libtorch", "ballast"];

    private static Dictionary<string, string> Metadata(Trainer trainer) => new()
    {
        ["step"] = trainer.Step.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["detector"] = RecipeReader.ToJson(trainer.Detector.Options with { Weights = null }),
        ["training"] = RecipeReader.ToJson(trainer.Options),
        ["facts"] = RecipeReader.ToJson(trainer.Detector.Facts),
        ["threads"] = get_num_threads().ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["instructionSet"] = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
        ["libtorch"] = __version__,
        ["ballast"] = typeof(Checkpoint).Assembly.GetName().Version?.ToString() ?? "unknown",
    };

    private static Tensor OptimizerMemory(OptimizerHelper optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true)) optimizer.save_state_dict(writer);
        return tensor(bytes.ToArray(), dtype: ScalarType.Byte);
    }

    private static void LoadMemory(OptimizerHelper optimizer, Tensor memory)
    {
        using var reader = new BinaryReader(new MemoryStream(memory.bytes.ToArray()));
        optimizer.load_state_dict(reader);

        // TorchSharp leaves what it loads for SGD in the caller's dispose scope, which would take it away again.
        foreach (var state in optimizer.state_dict().State.OfType<SGD.State>()) state.momentum_buffer?.DetachFromDisposeScope();
    }

    private static void Fill(WeightsFile file, string prefix, IReadOnlyDictionary<string, Tensor> targets)
    {
        foreach (var (name, target) in targets)
        {
            var stored = file.Load(prefix + name);
            if (!stored.shape.AsSpan().SequenceEqual(target.shape))
                throw new InputException($"'{file.Path}': {name} has shape {Checks.Shape(stored)}, the detector's {Checks.Shape(target)}. It is of another detector.");
            target.copy_(stored);
        }
    }

    private static void CheckSame(string path, string name, string? stored, string expected)
    {
        if (stored is null) throw new InputException($"'{path}' is no checkpoint: it says nothing of its {name}.");
        if (stored == expected) return;
        var (old, current) = (stored.Split('\n'), expected.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, current.Length)).First(i => old.ElementAtOrDefault(i) != current.ElementAtOrDefault(i));
        throw new InputException($"'{path}' is of another training: its {name} says '{old.ElementAtOrDefault(line)?.Trim()}' where this one says "
            + $"'{current.ElementAtOrDefault(line)?.Trim()}'. Resume with the recipe it was written by, or begin anew in another folder.");
    }
}
