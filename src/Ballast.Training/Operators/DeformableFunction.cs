using System.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Ballast.Training;

/// <summary>
/// Deformable convolution on the CPU: the samples of a slice of places become rows of a matrix that fits the cache, and it is multiplied by the weight.
/// The backward pass samples again instead of keeping 9 times the input, and spreads gradients by blocks of channels, so that no two threads write to one
/// place.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed unsafe class DeformableFunction<T> : GuardedFunction<DeformableFunction<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Shape = "shape";
    private const string Learned = "learned";
    private const int SliceBytes = 8 << 20;
    private const int PartsPerThread = 4;

    /// <inheritdoc/>
    public override string Name => nameof(DeformableConvolution);

    /// <summary>The value.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">[N, H, W, C], contiguous like all others.</param>
    /// <param name="offset">[N, Ho, Wo, 2 groups points].</param>
    /// <param name="mask">[N, Ho, Wo, groups points], or null.</param>
    /// <param name="weight">[groups, filters of a group, points channels of a group].</param>
    /// <returns>[N, Ho, Wo, filters].</returns>
    public static Tensor Forward(DeformableShape shape, Tensor input, Tensor offset, Tensor? mask, Tensor weight)
    {
        var result = empty([shape.Places, shape.Filters], input.dtype);
        var sampling = Sampling(shape, offset, mask);
        var (slice, columns) = Columns(shape, input.dtype);
        for (var place = 0; place < shape.Places; place += slice)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(slice, shape.Places - place);
            Fill(shape, sampling, CpuTensors.Pointer<T>(input), place, count, CpuTensors.Pointer<T>(columns));
            result.narrow(0, place, count).copy_(Multiply(Grouped(shape, columns.narrow(0, 0, count)), weight));
        }

        GC.KeepAlive(offset);
        GC.KeepAlive(mask);
        return result.view(shape.Images, shape.OutputHeight, shape.OutputWidth, shape.Filters);
    }

    /// <inheritdoc/>
    protected override Tensor Compute(AutogradContext context, object[] inputs)
    {
        var (shape, input, offset, mask, weight) = ((DeformableShape)inputs[0], (Tensor)inputs[1], (Tensor)inputs[2], inputs[3] as Tensor, (Tensor)inputs[4]);
        List<Tensor> saved = [input, offset, weight];
        if (mask is not null) saved.Add(mask);
        context.save_for_backward(saved);
        context.save_data(Shape, shape);
        context.save_data(Learned, new[] { input.requires_grad, offset.requires_grad || mask is { requires_grad: true }, weight.requires_grad });
        using var scope = NewDisposeScope();
        return Forward(shape, input, offset, mask, weight).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override List<Tensor> Differentiate(AutogradContext context, Tensor gradient)
    {
        using var gradless = no_grad();
        var (shape, learned, saved) = ((DeformableShape)context.get_data(Shape), (bool[])context.get_data(Learned), context.get_saved_variables());
        var (input, offset, weight, mask) = (saved[0], saved[1], saved[2], saved.Count > 3 ? saved[3] : null);
        var pass = new Pass(shape, input, Sampling(shape, offset, mask), learned, offset, mask);
        var weightGradient = learned[2] ? zeros_like(weight) : null;
        var outputs = gradient.contiguous().view(shape.Places, shape.Filters);
        var (slice, columns) = Columns(shape, input.dtype);
        for (var place = 0; place < shape.Places; place += slice)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(slice, shape.Places - place);
            var rows = Grouped(shape, outputs.narrow(0, place, count), shape.Filters / shape.Groups);
            if (learned[0] || learned[1]) pass.Run(place, count, Flat(matmul(rows, weight), shape));
            if (weightGradient is null) continue;
            Fill(shape, pass.Sampling, CpuTensors.Pointer<T>(input), place, count, CpuTensors.Pointer<T>(columns));
            weightGradient.add_(matmul(rows.transpose(1, 2), Grouped(shape, columns.narrow(0, 0, count))));
        }

        GC.KeepAlive(saved);
        return [null!, pass.Input!, pass.Offset!, pass.Mask!, weightGradient!];
    }

    private static DeformableSampling<T> Sampling(DeformableShape shape, Tensor offset, Tensor? mask)
        => new(shape, CpuTensors.Pointer<T>(offset), mask is null ? null : CpuTensors.Pointer<T>(mask));

    /// <summary>How many places a slice has, and room for their samples: [places, points channels].</summary>
    private static (int Places, Tensor Columns) Columns(DeformableShape shape, ScalarType type)
    {
        var row = Math.Max(1, shape.Points * shape.Channels);
        var places = Math.Clamp(SliceBytes / (row * sizeof(T)), 64, Math.Max(64, shape.Places));
        return (places, empty([places, row], type));
    }

    /// <summary>Samples of places as rows: [points, channels] each.</summary>
    private static void Fill(DeformableShape shape, DeformableSampling<T> sampling, T* input, int place, int count, T* columns)
    {
        var parts = Math.Min(count, PartsPerThread * get_num_threads());
        CpuTensors.Share(parts, part =>
        {
            var range = CpuTensors.Part(count, parts, part);
            for (var i = range.Start.Value; i < range.End.Value; i++)
                FillPlace(shape, sampling, input, place + i, columns + ((nint)i * shape.Points * shape.Channels));
        });
    }

    private static void FillPlace(DeformableShape shape, DeformableSampling<T> sampling, T* input, int place, T* columns)
    {
        Span<Tap<T>> taps = stackalloc Tap<T>[4];
        var (kernels, each) = (RowKernels<T>.Best, shape.Channels / shape.OffsetGroups);
        var image = input + ((nint)(place / (shape.OutputHeight * shape.OutputWidth)) * shape.Height * shape.Width * shape.Channels);
        for (var group = 0; group < shape.OffsetGroups; group++)
        {
            for (var point = 0; point < shape.Points; point++)
            {
                var index = sampling.Index(place, group, point);
                var count = sampling.At(place, index, point).Taps(taps, shape.Channels, sampling.Mask(index));
                kernels.WeightedSum(columns + ((nint)point * shape.Channels) + (group * each), image + (group * each), taps[..count], each, add: false);
            }
        }
    }

    /// <summary>[n, points channels] as [groups, n, points channels of a group]: a view of the same memory when there is one group.</summary>
    private static Tensor Grouped(DeformableShape shape, Tensor columns)
    {
        if (shape.Groups == 1) return columns.unsqueeze(0);
        var (count, each) = (columns.shape[0], shape.Channels / shape.Groups);
        return columns.view(count, shape.Points, shape.Groups, each).permute(2, 0, 1, 3).reshape(shape.Groups, count, shape.Points * each);
    }

    private static Tensor Grouped(DeformableShape shape, Tensor rows, int each) => rows.view(rows.shape[0], shape.Groups, each).transpose(0, 1);

    private static Tensor Flat(Tensor grouped, DeformableShape shape)
    {
        if (shape.Groups == 1) return grouped.squeeze(0).contiguous();
        var (count, each) = (grouped.shape[1], shape.Channels / shape.Groups);
        return grouped.view(shape.Groups, count, shape.Points, each).permute(1, 2, 0, 3).contiguous();
    }

    /// <summary>[groups, n, points channels] by the weight: [n, filters].</summary>
    private static Tensor Multiply(Tensor columns, Tensor weight)
    {
        var product = matmul(columns, weight.transpose(1, 2));
        return product.transpose(0, 1).reshape(product.shape[1], product.shape[0] * product.shape[2]);
    }

    /// <summary>The gradients of the input, the offsets and the mask, slice by slice.</summary>
    private sealed class Pass
    {
        private readonly DeformableShape _shape;
        private readonly T* _source;
        private readonly T* _input;
        private readonly T* _offset;
        private readonly T* _mask;

        public Pass(DeformableShape shape, Tensor input, DeformableSampling<T> sampling, bool[] learned, Tensor offset, Tensor? mask)
        {
            (_shape, Sampling) = (shape, sampling);
            _source = CpuTensors.Pointer<T>(input);
            Input = learned[0] ? zeros_like(input) : null;
            Offset = learned[1] ? empty_like(offset) : null;
            Mask = learned[1] && mask is not null ? empty_like(mask) : null;
            _input = Input is null ? null : CpuTensors.Pointer<T>(Input);
            _offset = Offset is null ? null : CpuTensors.Pointer<T>(Offset);
            _mask = Mask is null ? null : CpuTensors.Pointer<T>(Mask);
        }

        public DeformableSampling<T> Sampling { get; }

        public Tensor? Input { get; }

        public Tensor? Offset { get; }

        public Tensor? Mask { get; }

        /// <param name="place">The slice's first place.</param>
        /// <param name="count">Its places.</param>
        /// <param name="columns">[count, points, channels]: gradients of the samples.</param>
        public void Run(int place, int count, Tensor columns)
        {
            var source = CpuTensors.Pointer<T>(columns);
            if (_offset is not null) Differ(place, count, source);
            if (_input is not null) Spread(place, count, source);
            GC.KeepAlive(columns);
        }

        private void Differ(int place, int count, T* columns)
        {
            var parts = Math.Min(count, PartsPerThread * get_num_threads());
            CpuTensors.Share(parts, part =>
            {
                var range = CpuTensors.Part(count, parts, part);
                for (var i = range.Start.Value; i < range.End.Value; i++) DifferPlace(place + i, columns + ((nint)i * _shape.Points * _shape.Channels));
            });
        }

        private void DifferPlace(int place, T* columns)
        {
            var each = _shape.Channels / _shape.OffsetGroups;
            var image = _source + Image(place);
            for (var group = 0; group < _shape.OffsetGroups; group++)
            {
                for (var point = 0; point < _shape.Points; point++)
                    DifferPoint(place, group, point, columns + ((nint)point * _shape.Channels) + (group * each), image + (group * each), each);
            }
        }

        /// <summary>The slope of a bilinear sample is the difference of its corners; each corner enters by its product with the gradient.</summary>
        private void DifferPoint(int place, int group, int point, T* gradient, T* image, int each)
        {
            var index = Sampling.Index(place, group, point);
            var sample = Sampling.At(place, index, point);
            Span<Tap<T>> cells = stackalloc Tap<T>[4];
            Span<T> corners = stackalloc T[4];
            for (var corner = 0; corner < 4; corner++) cells[corner] = new(Math.Max(0, sample.Cell(corner)) * _shape.Channels, T.One);
            RowKernels<T>.Best.Dots(gradient, image, cells, corners, each);
            var value = T.Zero;
            for (var corner = 0; corner < 4; corner++)
            {
                if (sample.Cell(corner) < 0) corners[corner] = T.Zero;
                value += sample.Weight(corner) * corners[corner];
            }

            var mask = Sampling.Mask(index);
            _offset[2 * index] = mask * (((T.One - sample.Right) * (corners[2] - corners[0])) + (sample.Right * (corners[3] - corners[1])));
            _offset[(2 * index) + 1] = mask * (((T.One - sample.Down) * (corners[1] - corners[0])) + (sample.Down * (corners[3] - corners[2])));
            if (_mask is not null) _mask[index] = value;
        }

        private void Spread(int place, int count, T* columns)
        {
            var each = _shape.Channels / _shape.OffsetGroups;
            // Every block works out the samples again, so there are no more than threads.
            var blocks = Math.Clamp(each / 64, 1, get_num_threads());
            CpuTensors.Share(_shape.OffsetGroups * blocks, part =>
            {
                var (group, block) = (part / blocks, CpuTensors.Channels(each, blocks, part % blocks));
                for (var i = 0; i < count; i++)
                    SpreadPlace(place + i, group, columns + ((nint)i * _shape.Points * _shape.Channels), (group * each) + block.Start, block.Count);
            });
        }

        private void SpreadPlace(int place, int group, T* columns, int first, int channels)
        {
            Span<Tap<T>> taps = stackalloc Tap<T>[4];
            var (kernels, image) = (RowKernels<T>.Best, Image(place));
            for (var point = 0; point < _shape.Points; point++)
            {
                var index = Sampling.Index(place, group, point);
                var count = Sampling.At(place, index, point).Taps(taps, _shape.Channels, Sampling.Mask(index));
                kernels.Spread(_input + image + first, columns + ((nint)point * _shape.Channels) + first, taps[..count], channels);
            }
        }

        private nint Image(int place) => (nint)(place / (_shape.OutputHeight * _shape.OutputWidth)) * _shape.Height * _shape.Width * _shape.Channels;
    }
}
