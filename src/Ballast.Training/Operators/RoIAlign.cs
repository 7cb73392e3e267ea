using System.Numerics;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// RoIAlign (He et al. 2017, arXiv:1703.06870, section 3): cuts each region of interest out of a map as a grid of bins, each the mean of bilinear samples, so
/// that nothing is rounded to cells. Boxes get no gradient. On the CPU, in single and double precision, it is a kernel whose results do not depend on threads;
/// half precision is computed in single; on other devices it is composed of tensor operations.
/// </summary>
public sealed record RoIAlign
{
    private readonly int _outputHeight = 7;
    private readonly int _outputWidth = 7;
    private readonly int _samplingRatio = 2;

    /// <summary>Bins from top to bottom.</summary>
    public int OutputHeight { get => _outputHeight; init => _outputHeight = Requires.AtLeastOne<RoIAlign>(value); }

    /// <summary>Bins from left to right.</summary>
    public int OutputWidth { get => _outputWidth; init => _outputWidth = Requires.AtLeastOne<RoIAlign>(value); }

    /// <summary>Samples of a bin along each side; 0 takes as many as the bin has cells (mmdetection's default; torchvision's detectors take 2).</summary>
    public int SamplingRatio { get => _samplingRatio; init => _samplingRatio = Requires.NotNegative<RoIAlign>(value); }

    /// <summary>
    /// Whether a pixel's value stands at its centre, half a cell further (mmdetection 2, detectron2's ROIAlignV2). Otherwise, as in torchvision's detectors, a
    /// region is at least one cell long.
    /// </summary>
    public bool Aligned { get; init; }

    /// <summary>Pools regions from one map.</summary>
    /// <param name="features">[N, C, H, W]; memory in channels_last order saves a copy.</param>
    /// <param name="rois">[R, 5]: index of the image, x1, y1, x2, y2 in pixels of the input.</param>
    /// <param name="spatialScale">Cells a pixel: 1 / stride.</param>
    /// <returns>[R, C, <see cref="OutputHeight"/>, <see cref="OutputWidth"/>], in channels_last memory; R may be 0.</returns>
    /// <exception cref="InputException">Shapes are not these, an image does not exist, or a number is not finite.</exception>
    public Tensor Apply(Tensor features, Tensor rois, double spatialScale) => Apply([features], rois, [spatialScale], levels: null);

    /// <summary>Pools each region from the map that is its own.</summary>
    /// <param name="features">One [N, C, H, W] a level, with the same N and C.</param>
    /// <param name="rois">[R, 5]: index of the image, x1, y1, x2, y2 in pixels of the input.</param>
    /// <param name="spatialScales">Cells a pixel, one a level.</param>
    /// <param name="levels">[R], int64: the index of each region's map; null when there is one.</param>
    /// <returns>[R, C, <see cref="OutputHeight"/>, <see cref="OutputWidth"/>], in channels_last memory; R may be 0.</returns>
    /// <exception cref="InputException">Shapes are not these, an image does not exist, or a number is not finite.</exception>
    public Tensor Apply(IReadOnlyList<Tensor> features, Tensor rois, IReadOnlyList<double> spatialScales, Tensor? levels)
    {
        Check(features, rois, spatialScales, levels);
        var first = features[0];
        if (CpuTensors.HasKernel(first)) return Kernel(features, rois, spatialScales, levels);
        if (first.device_type != TorchSharp.DeviceType.CPU) return Compose(features, rois, spatialScales, levels);
        return Kernel([.. features.Select(map => map.to(ScalarType.Float32))], rois, spatialScales, levels).to(first.dtype);
    }

    /// <summary>The same by tensor operations: any device and type.</summary>
    internal Tensor Compose(IReadOnlyList<Tensor> features, Tensor rois, IReadOnlyList<double> spatialScales, Tensor? levels)
    {
        var type = features[0].dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var boxes = rois.detach().to(type, features[0].device);
        Checks.IsFinite(nameof(RoIAlign), "RoIs", boxes);
        Tensor[] maps = [.. features.Select(map => map.permute(0, 2, 3, 1))];
        return CpuTensors.ChannelsSecond(RoIAlignTensors.Apply(this, maps, Maps(features, spatialScales), boxes, levels?.to(features[0].device)));
    }

    private Tensor Kernel(IReadOnlyList<Tensor> features, Tensor rois, IReadOnlyList<double> spatialScales, Tensor? levels)
        => features[0].dtype == ScalarType.Float64
            ? Kernel<double>(features, rois, spatialScales, levels)
            : Kernel<float>(features, rois, spatialScales, levels);

    private Tensor Kernel<T>(IReadOnlyList<Tensor> features, Tensor rois, IReadOnlyList<double> spatialScales, Tensor? levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var plan = Plan<T>(Maps(features, spatialScales), rois.detach().to(features[0].dtype, CPU), levels?.to(ScalarType.Int64, CPU));
        Tensor[] maps = [.. features.Select(CpuTensors.ChannelsLast)];
        var learned = is_grad_enabled() && maps.Any(map => map.requires_grad);
        var bins = learned ? RoIAlignFunction<T>.apply([plan, .. maps]) : RoIAlignFunction<T>.Forward(plan, maps);
        return CpuTensors.ChannelsSecond(bins).MoveToOuterDisposeScope();
    }

    private RoIPlan<T> Plan<T>(RoIMap[] maps, Tensor rois, Tensor? levels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rois.shape[0] == 0) return new(this, maps, [], []);
        return new(this, maps, rois.contiguous().data<T>().ToArray(), levels is null ? [] : levels.contiguous().data<long>().ToArray());
    }

    private static RoIMap[] Maps(IReadOnlyList<Tensor> features, IReadOnlyList<double> spatialScales)
        => [.. features.Select((map, level) => new RoIMap((int)map.shape[0], (int)map.shape[2], (int)map.shape[3], spatialScales[level]))];

    private static void Check(IReadOnlyList<Tensor> features, Tensor rois, IReadOnlyList<double> spatialScales, Tensor? levels)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(rois);
        ArgumentNullException.ThrowIfNull(spatialScales);
        if (features.Count == 0) throw new InputException("RoIAlign: there is no map; at least one is needed.");
        if (spatialScales.Count != features.Count)
            throw new InputException($"RoIAlign: {features.Count} maps have {spatialScales.Count} spatial scales; each needs its own.");
        foreach (var scale in spatialScales)
        {
            if (!(scale > 0 && double.IsFinite(scale))) throw new InputException($"RoIAlign: a spatial scale is {scale}; it must be more than 0: 1 / stride.");
        }

        foreach (var map in features)
        {
            if (map.dim() != 4 || map.shape[0] != features[0].shape[0] || map.shape[1] != features[0].shape[1] || map.dtype != features[0].dtype)
                throw new InputException($"RoIAlign: a map is {map.dtype} {Checks.Shape(map)}; it must be [N, C, H, W] with the N, C and type of the first, "
                    + $"{features[0].dtype} {Checks.Shape(features[0])}.");
            Checks.IsFinite(nameof(RoIAlign), "maps", map);
            if (map.shape[2] == 0 || map.shape[3] == 0) throw new InputException($"RoIAlign: a map has shape {Checks.Shape(map)}; it must have cells.");
        }

        if (rois.dim() != 2 || rois.shape[1] != 5)
            throw new InputException($"RoIAlign: RoIs have shape {Checks.Shape(rois)}; it must be [R, 5]: image, x1, y1, x2, y2.");
        if (levels is null ? features.Count > 1 : levels.dim() != 1 || levels.shape[0] != rois.shape[0])
            throw new InputException($"RoIAlign: {rois.shape[0]} RoIs on {features.Count} maps need a level each; levels are "
                + $"{(levels is null ? "missing" : Checks.Shape(levels))}.");
    }
}
