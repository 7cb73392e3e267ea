using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>Weights of modules from files and to files.</summary>
public static class ModuleWeights
{
    /// <summary>
    /// How often batch normalisation has been trained. Nothing is computed from it, and frozen normalisation has none, so its absence on either side is not
    /// reported.
    /// </summary>
    private const string Counter = "num_batches_tracked";

    /// <summary>
    /// Fills a module's parameters and buffers with those of a file that have the same name and shape; types are converted. The rest keeps its numbers.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="weights">The file.</param>
    /// <param name="options">How names meet; by default the beginnings that fit most names are found.</param>
    /// <returns>What was filled, what was not, and why.</returns>
    /// <exception cref="InputException">Nothing fits, or in two ways.</exception>
    public static WeightsReport Load(this nn.Module module, WeightsFile weights, WeightsLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(weights);
        options ??= new();
        var targets = module.state_dict();
        var (from, into) = options is { From: null, Into: null }
            ? NameAlignment.Find(weights.Tensors.ToDictionary(tensor => tensor.Name, tensor => Shape(tensor.Shape)),
                targets.ToDictionary(pair => pair.Key, pair => Shape(pair.Value.shape)), weights.Path)
            : (options.From ?? "", options.Into ?? "");
        return new Loading(targets, weights, options.Adapt).Run(from, into);
    }

    /// <summary>Writes a module's parameters and buffers as safetensors, whole or not at all.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="metadata">What the file says of itself.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void SaveWeights(this nn.Module module, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        WeightsFile.Write(path, module.state_dict(), metadata);
    }

    private static string Shape(IEnumerable<long> sides) => $"[{string.Join(", ", sides)}]";

    private sealed class Loading(Dictionary<string, Tensor> targets, WeightsFile weights, Func<string, Tensor, Tensor?>? adapt)
    {
        private readonly List<string> _loaded = [];
        private readonly List<string> _skipped = [];
        private readonly List<string> _unfit = [];

        public WeightsReport Run(string from, string into)
        {
            var met = new HashSet<string>(StringComparer.Ordinal);
            foreach (var stored in weights.Tensors)
            {
                var name = stored.Name.StartsWith(from, StringComparison.Ordinal) ? into + stored.Name[from.Length..] : null;
                if (name is not null && targets.TryGetValue(name, out var target))
                {
                    met.Add(name);
                    Fill(name, stored, target);
                }
                else if (!stored.Name.EndsWith(Counter, StringComparison.Ordinal))
                {
                    _skipped.Add(stored.Name);
                }
            }

            var missing = targets.Keys.Where(name => !met.Contains(name) && !name.EndsWith(Counter, StringComparison.Ordinal));
            return new() { From = from, Into = into, Loaded = [.. _loaded], Missing = [.. missing], Skipped = [.. _skipped], Unfit = [.. _unfit] };
        }

        private void Fill(string name, StoredTensor stored, Tensor target)
        {
            using var frozen = no_grad();
            using var scope = NewDisposeScope();
            try
            {
                var tensor = weights.Load(stored.Name);
                if (adapt is not null)
                {
                    if (adapt(name, tensor) is not { } adapted)
                    {
                        _skipped.Add(stored.Name);
                        return;
                    }

                    tensor = adapted;
                }

                if (!tensor.shape.AsSpan().SequenceEqual(target.shape))
                {
                    _unfit.Add($"{name} ({Shape(tensor.shape)} in the file, {Shape(target.shape)} in the model)");
                    return;
                }

                target.copy_(tensor);
                _loaded.Add(name);
            }
            catch (InputException e) when (stored.Place.Type.Scalar is null)
            {
                _unfit.Add($"{name} ({e.Message})");
            }
        }
    }
}
