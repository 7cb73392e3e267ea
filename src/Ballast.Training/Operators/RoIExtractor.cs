using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Takes regions out of a pyramid for a box head. A head gives each of <see cref="Branches"/> tensors a first layer of its own, hands what comes out of them to
/// <see cref="Fuse"/>, and goes on with one tensor.
/// </summary>
public abstract class RoIExtractor : nn.Module
{
    private readonly double[] _scales;

    /// <summary>Makes the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="options">What it is built from.</param>
    /// <param name="inputs">The neck's maps, finest first.</param>
    private protected RoIExtractor(string name, RoIExtractorOptions options, IReadOnlyList<FeatureLevel> inputs)
        : base(name)
    {
        Align = options.Align;
        Levels = [.. inputs.TakeWhile(level => level.Stride <= options.CoarsestStride)];
        if (Levels.Count == 0)
            throw new InputException($"{options.GetType().Name}: no map has a stride of {options.CoarsestStride} or less; the finest has "
                + $"{(inputs.Count == 0 ? "none" : inputs[0].Stride)}. Raise CoarsestStride.");
        if (Levels.Any(level => level.Channels != Levels[0].Channels))
            throw new InputException($"{options.GetType().Name}: the maps have {string.Join(", ", Levels.Select(level => level.Channels))} channels; all must "
                + "have the same.");
        _scales = [.. Levels.Select(level => 1.0 / level.Stride)];
    }

    /// <summary>Bins and samples of a region.</summary>
    public RoIAlign Align { get; }

    /// <summary>The maps that regions are taken from, finest first: the first of those it is given.</summary>
    public IReadOnlyList<FeatureLevel> Levels { get; }

    /// <summary>Channels of what it gives.</summary>
    public int Channels => Levels[0].Channels;

    /// <summary>How many tensors it gives, each for a first layer of its own.</summary>
    public abstract int Branches { get; }

    /// <summary>Takes regions out.</summary>
    /// <param name="features">[N, <see cref="Channels"/>, H, W] for each map of the neck; those beyond <see cref="Levels"/> are left alone.</param>
    /// <param name="rois">[R, 5]: index of the image, x1, y1, x2, y2 in pixels of the input.</param>
    /// <returns><see cref="Branches"/> times [R, <see cref="Channels"/>, height, width].</returns>
    public IReadOnlyList<Tensor> Extract(IReadOnlyList<Tensor> features, Tensor rois)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count < Levels.Count)
            throw new InputException($"{GetName()}: {features.Count} maps were given; it was built for "
                + $"{string.Join(", ", Levels.Select(level => level.Name))}.");
        return Pool([.. features.Take(Levels.Count)], rois, _scales);
    }

    /// <summary>Makes one tensor of what the first layers gave.</summary>
    /// <param name="branches"><see cref="Branches"/> tensors of one shape.</param>
    public abstract Tensor Fuse(IReadOnlyList<Tensor> branches);

    private protected abstract IReadOnlyList<Tensor> Pool(IReadOnlyList<Tensor> features, Tensor rois, double[] scales);
}

/// <summary>What a RoI extractor is built from.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MultiScaleRoIAlignOptions), "roi-align")]
[JsonDerivedType(typeof(AdaptiveFeaturePoolingOptions), "adaptive-pooling")]
public abstract record RoIExtractorOptions
{
    private readonly int _coarsestStride = 32;

    /// <summary>Bins and samples of a region.</summary>
    public RoIAlign Align { get; init; } = new();

    /// <summary>Maps with a larger stride are left out, pixels: P6 gives proposals, but no regions are taken from it.</summary>
    public int CoarsestStride { get => _coarsestStride; init => _coarsestStride = Requires.AtLeastOne<RoIExtractorOptions>(value); }

    /// <summary>Builds the module.</summary>
    /// <param name="inputs">The neck's maps, finest first.</param>
    /// <exception cref="InputException">No map is fine enough, or their channels differ.</exception>
    public abstract RoIExtractor Build(IReadOnlyList<FeatureLevel> inputs);
}
