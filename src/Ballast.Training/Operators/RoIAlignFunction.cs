using System.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Ballast.Training;

/// <summary>RoIAlign on the CPU: each bin is a weighted sum of rows of channels, each cell's gradient a weighted sum of bins.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class RoIAlignFunction<T> : GuardedFunction<RoIAlignFunction<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Plan = "plan";
    private const string Learned = "learned";
    private const int PartsPerThread = 4;

    /// <inheritdoc/>
    public override string Name => nameof(RoIAlign);

    /// <summary>The value.</summary>
    /// <param name="plan">Where bins look.</param>
    /// <param name="maps">One contiguous [N, H, W, C] a level.</param>
    /// <returns>[R, height, width, C].</returns>
    public static Tensor Forward(RoIPlan<T> plan, IReadOnlyList<Tensor> maps)
    {
        var channels = (int)maps[0].shape[3];
        var result = empty([plan.Count, plan.Height, plan.Width, channels], maps[0].dtype);
        var target = CpuTensors.Pointer<T>(result);
        var sources = new nint[maps.Count];
        for (var level = 0; level < sources.Length; level++) sources[level] = (nint)CpuTensors.Pointer<T>(maps[level]);
        var parts = Math.Min(plan.Count, PartsPerThread * get_num_threads());
        if (channels > 0 && parts > 0) CpuTensors.Share(parts, part => Pool(plan, CpuTensors.Part(plan.Count, parts, part), sources, target, channels));
        GC.KeepAlive(maps);
        return result;
    }

    /// <inheritdoc/>
    protected override Tensor Compute(AutogradContext context, object[] inputs)
    {
        var plan = (RoIPlan<T>)inputs[0];
        Tensor[] maps = [.. inputs.Skip(1).Cast<Tensor>()];
        context.save_data(Plan, plan);
        context.save_data(Learned, maps.Select(map => map.requires_grad).ToArray());
        return Forward(plan, maps);
    }

    /// <inheritdoc/>
    protected override List<Tensor> Differentiate(AutogradContext context, Tensor gradient)
    {
        var (plan, learned) = ((RoIPlan<T>)context.get_data(Plan), (bool[])context.get_data(Learned));
        var bins = gradient.contiguous();
        var channels = (int)bins.shape[3];
        List<Tensor> gradients = [null!];
        var targets = new nint[learned.Length];
        for (var level = 0; level < learned.Length; level++)
        {
            var map = plan.Maps[level];
            gradients.Add(learned[level] ? zeros([map.Images, map.Height, map.Width, channels], bins.dtype) : null!);
            if (learned[level]) targets[level] = (nint)CpuTensors.Pointer<T>(gradients[^1]);
        }

        var source = CpuTensors.Pointer<T>(bins);
        var (rows, columns) = (plan.Rows.Transpose(), plan.Columns.Transpose());
        // Every part looks up the weights again, so there are no more than threads.
        var parts = Math.Clamp(channels / (4 * 16), 1, get_num_threads());
        if (channels > 0 && plan.Count > 0)
            CpuTensors.Share(parts, part => Spread(plan, rows, columns, source, targets, channels, CpuTensors.Channels(channels, parts, part)));
        GC.KeepAlive(bins);
        return gradients;
    }

    private static void Pool(RoIPlan<T> plan, Range rois, nint[] sources, T* target, int channels)
    {
        var rows = plan.Rows.View;
        var columns = plan.Columns.View;
        var taps = new Tap<T>[plan.Rows.Most * plan.Columns.Most];
        for (var roi = rois.Start.Value; roi < rois.End.Value; roi++)
        {
            var source = (T*)sources[plan.Level(roi)] + (plan.FirstCell(roi) * channels);
            var bins = target + ((nint)roi * plan.Height * plan.Width * channels);
            var (vertical, horizontal) = (plan.Rows.Groups(roi), plan.Columns.Groups(roi));
            Combine(rows, columns, vertical, horizontal, source, plan.Maps[plan.Level(roi)].Width, bins, plan.Width, channels, channels, taps, add: false);
        }
    }

    /// <summary>The gradient of a range of channels over all RoIs in order: no two threads write to one place, and sums do not depend on their number.</summary>
    private static void Spread(
        RoIPlan<T> plan,
        AxisTaps<T> rows,
        AxisTaps<T> columns,
        T* source,
        nint[] targets,
        int channels,
        (int Start, int Count) block)
    {
        var rowView = rows.View;
        var columnView = columns.View;
        var taps = new Tap<T>[rows.Most * columns.Most];
        for (var roi = 0; roi < plan.Count; roi++)
        {
            var level = plan.Level(roi);
            if (targets[level] == 0) continue;
            var bins = source + ((nint)roi * plan.Height * plan.Width * channels) + block.Start;
            var target = (T*)targets[level] + (plan.FirstCell(roi) * channels) + block.Start;
            var (vertical, horizontal) = (rows.Groups(roi), columns.Groups(roi));
            Combine(rowView, columnView, vertical, horizontal, bins, plan.Width, target, plan.Maps[level].Width, channels, block.Count, taps, add: true);
        }
    }

    /// <summary>For each key of the rows and each of the columns: target[row, column] = (or +=) the sum of the taps' products over source.</summary>
    private static void Combine(
        in AxisView<T> rows,
        in AxisView<T> columns,
        (int Start, int End) rowGroups,
        (int Start, int End) columnGroups,
        T* source,
        int sourceWidth,
        T* target,
        int targetWidth,
        int stride,
        int channels,
        Tap<T>[] taps,
        bool add)
    {
        var kernels = RowKernels<T>.Best;
        for (var row = rowGroups.Start; row < rowGroups.End; row++)
        {
            for (var column = columnGroups.Start; column < columnGroups.End; column++)
            {
                var count = Product(rows, row, columns, column, sourceWidth, stride, taps);
                var place = target + ((((nint)rows.Keys[row] * targetWidth) + columns.Keys[column]) * stride);
                kernels.WeightedSum(place, source, taps.AsSpan(0, count), channels, add);
            }
        }
    }

    private static int Product(in AxisView<T> rows, int row, in AxisView<T> columns, int column, int width, int stride, Span<Tap<T>> taps)
    {
        var count = 0;
        var columnStart = columns.Starts[column];
        var places = columns.Indices[columnStart..columns.Starts[column + 1]];
        var shares = columns.Weights.Slice(columnStart, places.Length);
        for (var i = rows.Starts[row]; i < rows.Starts[row + 1]; i++)
        {
            var (first, weight) = ((nint)rows.Indices[i] * width, rows.Weights[i]);
            for (var j = 0; j < places.Length; j++) taps[count++] = new((first + places[j]) * stride, weight * shares[j]);
        }

        return count;
    }
}
