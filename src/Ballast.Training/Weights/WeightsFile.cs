using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// A file of named tensors: safetensors, or what torch.save writes (.pth, .pt). Which of the two is told by the content. Only the description is read at first;
/// a tensor's numbers are read when it is asked for. Nothing in a file is ever executed, and no more memory is taken than the file has bytes for.
/// </summary>
public sealed class WeightsFile : IDisposable
{
    private const int StartBytes = 512;
    private const int TarMagic = 257;

    private readonly WeightsSource _source;
    private readonly Dictionary<string, StoredTensor> _byName;

    private WeightsFile(WeightsSource source, WeightsContent content)
    {
        _source = source;
        _byName = content.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        (Tensors, Metadata, Section, Others) = (content.Tensors, content.Metadata, content.Section, content.Others);
    }

    /// <summary>The file.</summary>
    public string Path => _source.Name;

    /// <summary>What it holds, in its order.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>What a safetensors file says of itself; empty for others.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The dictionary inside a checkpoint that the tensors are of, "state_dict" for example; null when they are the outermost.</summary>
    public string? Section { get; }

    /// <summary>Names beside the tensors whose values are none, and which are not read.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>Opens a file and reads its description.</summary>
    /// <param name="path">The file.</param>
    /// <param name="section">For a checkpoint with several sets of weights ("model", "model_ema"), the one to take; null finds it.</param>
    /// <exception cref="InputException">It cannot be read, is of neither format, broken, or wants something run.</exception>
    public static WeightsFile Read(string path, string? section = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var source = new FileSource(path);
        try
        {
            return Read(source, section);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads content that is in memory.</summary>
    internal static WeightsFile Read(WeightsSource source, string? section = null)
    {
        var start = source.Read(0, Math.Min(StartBytes, source.Length));
        if (SafetensorsReader.Recognises(source, start))
        {
            if (section is not null) throw new InputException($"'{source.Name}' is a safetensors file, which has no sections; leave '{section}' out.");
            return new(source, SafetensorsReader.Read(source));
        }

        return start.AsSpan().StartsWith("PK"u8) ? new(source, PyTorchReader.Read(source, section)) : throw Unknown(source, start);
    }

    /// <summary>Writes a safetensors file, whole or not at all.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors, of any strides and device.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <exception cref="InputException">A name comes twice or is reserved, a type is not in the format, or the file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
        => SafetensorsWriter.Write(path, tensors, metadata);

    /// <summary>Whether it holds a tensor of that name, and its description.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out StoredTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Reads the numbers of a tensor.</summary>
    /// <returns>A new tensor on the CPU, in row-major order, of the file's type.</returns>
    /// <exception cref="InputException">There is none of that name, TorchSharp has no such type, or the file changed.</exception>
    public Tensor Load(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryFind(name, out var stored) ? TensorReader.Read(_source, stored)
            : throw new InputException($"'{Path}' has no tensor '{name}'.{NearestWord.Hint(name, Tensors.Select(tensor => tensor.Name))}");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _source.Dispose();

    private static InputException Unknown(WeightsSource source, ReadOnlySpan<byte> start)
    {
        var old = start.StartsWith((ReadOnlySpan<byte>)[0x80, 2, 0x8a, 10]) || (start.Length > TarMagic + 5 && start[TarMagic..].StartsWith("ustar"u8));
        if (old)
            return new($"'{source.Name}' is in the format that PyTorch wrote before 1.6. Convert it in Python: "
                + "torch.save(torch.load(file, map_location='cpu'), other).");
        if (start.Length == 0) return new($"'{source.Name}' is empty; a file of weights is expected.");
        return start[0] == 0x80
            ? new($"'{source.Name}' is a bare Python pickle, which torch.save did not write. Save its tensors as safetensors, or with torch.save.")
            : new InputException($"'{source.Name}' is neither a safetensors file nor one of torch.save (.pth, .pt). Save the weights in one of these formats.");
    }
}
