using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>RoIAlign by tensor operations, for devices without a kernel: sample by sample, as the definition has it. Nothing waits for the device but an
/// adaptive number of samples.</summary>
internal static class RoIAlignTensors
{
    /// <summary>The value.</summary>
    /// <param name="options">Bins and samples.</param>
    /// <param name="maps">One [N, H, W, C] a level.</param>
    /// <param name="sizes">Their sizes and scales.</param>
    /// <param name="rois">[R, 5] on the maps' device.</param>
    /// <param name="levels">[R], int64; null for the only map.</param>
    /// <returns>[R, height, width, C].</returns>
    public static Tensor Apply(RoIAlign options, IReadOnlyList<Tensor> maps, IReadOnlyList<RoIMap> sizes, Tensor rois, Tensor? levels)
    {
        var channels = maps[0].shape[3];
        Tensor cells, weights;
        using (no_grad())
        {
            (cells, weights) = Samples(options, sizes, rois, levels ?? zeros(rois.shape[0], ScalarType.Int64, rois.device));
        }

        var rows = maps.Count == 1 ? maps[0].reshape(-1, channels) : cat([.. maps.Select(map => map.reshape(-1, channels))]);
        var sum = zeros([cells.shape[1], channels], weights.dtype, rois.device);
        for (var tap = 0; tap < cells.shape[0]; tap++) sum = sum + (rows.index_select(0, cells[tap]) * weights[tap].unsqueeze(1));
        return sum.to(maps[0].dtype).view(rois.shape[0], options.OutputHeight, options.OutputWidth, channels);
    }

    /// <summary>The taps of each bin: [taps, R height width] rows of all maps beneath each other, and their weights.</summary>
    private static (Tensor Cells, Tensor Weights) Samples(RoIAlign options, IReadOnlyList<RoIMap> sizes, Tensor rois, Tensor levels)
    {
        Tensor Of(Func<RoIMap, double> value) => tensor(sizes.Select(value).ToArray(), ScalarType.Float64, rois.device)[levels];
        var (height, width, scale) = (Of(map => map.Height).to(rois.dtype), Of(map => map.Width).to(rois.dtype), Of(map => map.Scale).to(rois.dtype));
        var first = tensor(FirstRows(sizes), ScalarType.Int64, rois.device)[levels];
        var (y, yWeight) = Axis(options, rois[TensorIndex.Colon, 2] * scale, rois[TensorIndex.Colon, 4] * scale, options.OutputHeight, height);
        var (x, xWeight) = Axis(options, rois[TensorIndex.Colon, 1] * scale, rois[TensorIndex.Colon, 3] * scale, options.OutputWidth, width);
        var image = (first + (rois[TensorIndex.Colon, 0].to(ScalarType.Int64) * (height * width).to(ScalarType.Int64))).view(-1, 1, 1, 1, 1);
        var row = y.unsqueeze(2).unsqueeze(4) * width.to(ScalarType.Int64).view(-1, 1, 1, 1, 1);
        var cells = image + row + x.unsqueeze(1).unsqueeze(3);
        var weights = yWeight.unsqueeze(2).unsqueeze(4) * xWeight.unsqueeze(1).unsqueeze(3);
        return (TapsFirst(cells), TapsFirst(weights));
    }

    /// <summary>[R, height, width, taps, taps] as [taps taps, R height width].</summary>
    private static Tensor TapsFirst(Tensor values)
        => values.permute(3, 4, 0, 1, 2).reshape(values.shape[3] * values.shape[4], values.shape[0] * values.shape[1] * values.shape[2]);

    private static long[] FirstRows(IReadOnlyList<RoIMap> sizes)
    {
        var starts = new long[sizes.Count];
        for (var level = 1; level < starts.Length; level++)
            starts[level] = starts[level - 1] + ((long)sizes[level - 1].Images * sizes[level - 1].Height * sizes[level - 1].Width);
        return starts;
    }

    /// <summary>Cells and weights along one axis: two for each sample.</summary>
    /// <returns>[R, bins, 2 samples] each.</returns>
    private static (Tensor Cells, Tensor Weights) Axis(RoIAlign options, Tensor from, Tensor to, int bins, Tensor size)
    {
        var offset = options.Aligned ? 0.5 : 0;
        var start = (from - offset).view(-1, 1, 1);
        var length = to - from;
        if (!options.Aligned) length = length.clamp(min: 1);
        var bin = (length / bins).view(-1, 1, 1);
        var counts = options.SamplingRatio > 0 ? full_like(bin, options.SamplingRatio) : bin.ceil().clamp(min: 0);
        var most = options.SamplingRatio > 0 ? options.SamplingRatio : Most(counts);
        var p = arange(bins, from.dtype, from.device).view(1, -1, 1);
        var i = arange(most, from.dtype, from.device).view(1, 1, -1);
        var position = start + (p * bin) + ((i + 0.5) * bin / counts.clamp(min: 1));
        var last = size.view(-1, 1, 1);
        var inside = (position >= -1).logical_and(position <= last).logical_and(i < counts);
        position = minimum(position.clamp(min: 0), last - 1);
        var low = position.floor();
        var high = minimum(low + 1, last - 1);
        var beyond = position - low;
        var share = inside.to(from.dtype) / counts.clamp(min: 1);
        return (cat([low, high], 2).to(ScalarType.Int64), cat([(1 - beyond) * share, beyond * share], 2));
    }

    private static int Most(Tensor counts)
    {
        if (counts.numel() == 0) return 1;
        var most = counts.max().to(ScalarType.Float64).item<double>();
        if (most <= AxisTaps<float>.MostSamples) return Math.Max(1, (int)most);
        throw new InputException($"RoIAlign: a RoI has bins of {most} cells; at most {AxisTaps<float>.MostSamples} can be sampled. Clip boxes to the image.");
    }
}
