using System.Globalization;

namespace Ballast.Training;

/// <summary>
/// Files of torch.save since PyTorch 1.6: a zip archive with a pickle that describes the tensors and a file for each storage. Several tensors may view one
/// storage, with any strides.
/// </summary>
internal static class PyTorchReader
{
    private const long PickleLimit = 1 << 28;
    private const int DepthLimit = 6;

    /// <summary>The names under which checkpoints keep their weights, the likeliest first.</summary>
    private static readonly string[] Sections = ["state_dict", "model", "model_state_dict", "model_state", "weights", "params", "net"];

    /// <summary>Reads the pickle; the numbers stay in the file.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="section">The dictionary to take, its keys joined by dots; null to find it.</param>
    /// <exception cref="InputException">It is broken, wants something run, or holds no named tensors.</exception>
    public static WeightsContent Read(WeightsSource source, string? section)
    {
        var zip = new ZipDirectory(source);
        var root = Root(source, zip);
        var (start, length) = zip.Find(root + "data.pkl")!.Value;
        if (length > PickleLimit) throw source.Damaged($"its pickle has {length} bytes; weights need less than {PickleLimit}");
        var value = PickleMachine.Run(source, source.Read(start, length));
        if (value is not PickleDictionary outermost)
            throw new InputException($"'{source.Name}' holds no dictionary of named tensors. Save one: torch.save(model.state_dict(), path).");
        var (name, dictionary) = Choose(source, outermost, section);
        return new Collected(source, zip, root).Content(name, dictionary);
    }

    /// <summary>The folder in the archive, which is called as the file was when it was saved.</summary>
    private static string Root(WeightsSource source, ZipDirectory zip)
    {
        var pickles = zip.Names.Where(name => name == "data.pkl" || (name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count('/') == 1)).ToArray();
        if (pickles.Length != 1)
            throw new InputException($"'{source.Name}' is a zip archive that torch.save did not write: it has {pickles.Length} files data.pkl. "
                + "Save a state dictionary with torch.save(model.state_dict(), path).");
        var root = pickles[0][..^"data.pkl".Length];
        if (zip.Names.Any(name => name == root + "constants.pkl"))
            throw new InputException($"'{source.Name}' is a compiled TorchScript model, not weights. Save them in Python: "
                + "torch.save(torch.jit.load(file).state_dict(), path).");
        if (zip.Find(root + "byteorder") is { } order && source.Read(order.Start, order.Length).AsSpan().StartsWith("big"u8))
            throw new InputException($"'{source.Name}' was saved on a big-endian machine, whose numbers are not read. Save it again on another machine.");
        return root;
    }

    private static (string? Name, PickleDictionary Dictionary) Choose(WeightsSource source, PickleDictionary outermost, string? section)
    {
        var found = new List<(string Path, PickleDictionary Dictionary)>();
        Search("", outermost, 0, found, new HashSet<PickleDictionary>(ReferenceEqualityComparer.Instance));
        if (section is not null)
        {
            var named = found.Find(candidate => candidate.Path == section);
            return named.Dictionary is not null ? (section, named.Dictionary)
                : throw new InputException($"'{source.Name}' has no tensors under '{section}'. {Listed(found)}");
        }

        foreach (var likely in Sections)
        {
            var named = found.Find(candidate => candidate.Path.Length > 0 && candidate.Path.Split('.').Contains(likely));
            if (named.Dictionary is not null) return named;
        }

        if (found.Find(candidate => candidate.Path.Length == 0).Dictionary is { } whole) return (null, whole);
        return found.Count == 1 ? found[0] : throw new InputException($"Which tensors of '{source.Name}' are the weights cannot be told. {Listed(found)}");
    }

    private static void Search(
        string path, PickleDictionary dictionary, int depth, List<(string Path, PickleDictionary Dictionary)> found, HashSet<PickleDictionary> seen)
    {
        if (depth > DepthLimit || !seen.Add(dictionary)) return;
        if (dictionary.Items.Any(item => item is (string, PickleTensor))) found.Add((path, dictionary));
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is string name && value is PickleDictionary inner) Search(path.Length == 0 ? name : $"{path}.{name}", inner, depth + 1, found, seen);
        }
    }

    private static string Listed(List<(string Path, PickleDictionary Dictionary)> found)
        => found.Count == 0 ? "It holds no named tensors; save some: torch.save(model.state_dict(), path)."
            : $"Name one of its sections: {string.Join(", ", found.Take(10).Select(candidate => $"'{candidate.Path}'"))}.";

    /// <summary>The tensors of the chosen dictionary, each checked against its storage's file.</summary>
    private sealed class Collected(WeightsSource source, ZipDirectory zip, string root)
    {
        private readonly Dictionary<string, (long Start, long Length)> _storages = new(StringComparer.Ordinal);

        public WeightsContent Content(string? section, PickleDictionary dictionary)
        {
            var (tensors, others, names) = (new List<StoredTensor>(), new List<string>(), new HashSet<string>(StringComparer.Ordinal));
            foreach (var (key, value) in dictionary.Items)
            {
                if (key is not string name)
                {
                    others.Add(Convert.ToString(key, CultureInfo.InvariantCulture) ?? "None");
                    continue;
                }

                if (!names.Add(name)) throw source.Damaged($"it names '{name}' twice");
                if (value is PickleTensor tensor) tensors.Add(new(name, tensor.Type.Name, [.. tensor.Shape]) { Place = Place(name, tensor) });
                else others.Add(name);
            }

            return new(tensors, []) { Section = section, Others = others };
        }

        private TensorPlace Place(string name, PickleTensor tensor)
        {
            var (start, length) = Storage(tensor.Storage);
            var unit = tensor.Storage.Type?.Bytes ?? 1;
            if (tensor.Storage.Elements > length / unit)
                throw source.Damaged($"the storage of '{name}' has {length} bytes for {tensor.Storage.Elements} numbers of {unit}");
            var bytes = tensor.Type.Bytes;
            if (tensor.Offset > length / bytes || TensorPlace.Of(tensor.Type, start + (tensor.Offset * bytes), tensor.Shape, tensor.Strides) is not { } place)
                throw source.Damaged($"the shape of '{name}' is impossible");
            if (place.Reach > (tensor.Storage.Elements * unit / bytes) - tensor.Offset) throw source.Damaged($"'{name}' goes on after the end of its storage");
            if (place.Count > source.Length / bytes)
                throw new InputException($"'{source.Name}': '{name}' repeats the same numbers {place.Count} times, more than the file has bytes. Save it as "
                    + "tensor.contiguous().");
            return place;
        }

        private (long Start, long Length) Storage(PickleStorage storage)
        {
            if (_storages.TryGetValue(storage.Key, out var known)) return known;
            return _storages[storage.Key] = zip.Find($"{root}data/{storage.Key}")
                ?? throw source.Damaged($"it lacks the numbers of storage '{storage.Key[..Math.Min(storage.Key.Length, 20)]}'");
        }
    }
}
