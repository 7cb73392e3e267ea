using System.Numerics;

namespace Ballast.Training;

/// <summary>A map that RoIs are pooled from.</summary>
/// <param name="Images">N.</param>
/// <param name="Height">Cells.</param>
/// <param name="Width">Cells.</param>
/// <param name="Scale">Cells a pixel of the input.</param>
internal readonly record struct RoIMap(int Images, int Height, int Width, double Scale);

/// <summary>Where every bin of every RoI looks: made once, used by the forward and the backward pass.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class RoIPlan<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RoIAlign _options;
    private readonly int[] _images;
    private readonly int[] _levels;

    /// <summary>Makes the plan.</summary>
    /// <param name="options">Bins and samples.</param>
    /// <param name="maps">One a level.</param>
    /// <param name="rois">[R, 5], row by row: image, x1, y1, x2, y2 in pixels.</param>
    /// <param name="levels">[R]: the map of each RoI; none for the only map.</param>
    public RoIPlan(RoIAlign options, IReadOnlyList<RoIMap> maps, ReadOnlySpan<T> rois, ReadOnlySpan<long> levels)
    {
        (_options, Maps) = (options, maps);
        (_images, _levels) = (new int[rois.Length / 5], new int[rois.Length / 5]);
        for (var roi = 0; roi < _images.Length; roi++)
        {
            if (!levels.IsEmpty) _levels[roi] = int.CreateSaturating(levels[roi]);
            if ((uint)_levels[roi] >= (uint)maps.Count)
                throw new InputException($"RoIAlign: RoI {roi} is to be taken from map {_levels[roi]}; there are {maps.Count}, counted from 0.");
            Add(roi, rois.Slice(5 * roi, 5), maps[_levels[roi]]);
        }
    }

    /// <summary>The maps.</summary>
    public IReadOnlyList<RoIMap> Maps { get; }

    /// <summary>R.</summary>
    public int Count => _images.Length;

    /// <summary>Bins of a RoI from top to bottom.</summary>
    public int Height => _options.OutputHeight;

    /// <summary>Bins of a RoI from left to right.</summary>
    public int Width => _options.OutputWidth;

    /// <summary>Cells by row.</summary>
    public AxisTaps<T> Rows { get; } = new();

    /// <summary>Cells by column.</summary>
    public AxisTaps<T> Columns { get; } = new();

    /// <summary>The map of a RoI.</summary>
    public int Level(int roi) => _levels[roi];

    /// <summary>The first cell of a RoI's image in its map.</summary>
    public nint FirstCell(int roi)
    {
        var map = Maps[_levels[roi]];
        return (nint)_images[roi] * map.Height * map.Width;
    }

    private void Add(int roi, ReadOnlySpan<T> box, RoIMap map)
    {
        foreach (var number in box)
        {
            if (!T.IsFinite(number))
                throw new InputException($"RoIAlign: RoI {roi} is ({string.Join(", ", box.ToArray())}); its numbers must be finite. Look at what predicted "
                    + "the box.");
        }

        _images[roi] = int.CreateSaturating(box[0]);
        if (_images[roi] < 0 || _images[roi] >= map.Images)
            throw new InputException($"RoIAlign: RoI {roi} lies on image {box[0]}; the map has {map.Images} images, counted from 0.");
        Add(Rows, roi, box[2], box[4], map.Scale, Height, map.Height);
        Add(Columns, roi, box[1], box[3], map.Scale, Width, map.Width);
    }

    private void Add(AxisTaps<T> axis, int roi, T from, T to, double scale, int bins, int cells)
    {
        var (factor, offset) = (T.CreateChecked(scale), T.CreateChecked(_options.Aligned ? 0.5 : 0));
        var start = (from * factor) - offset;
        var length = (to * factor) - offset - start;
        if (!_options.Aligned) length = T.Max(length, T.One);
        var bin = length / T.CreateChecked(bins);
        var samples = _options.SamplingRatio > 0 ? _options.SamplingRatio : int.CreateSaturating(T.Ceiling(bin));
        if (samples > AxisTaps<T>.MostSamples)
            throw new InputException($"RoIAlign: RoI {roi} is {length} cells long; at most {AxisTaps<T>.MostSamples} a bin can be sampled. Clip boxes to the "
                + "image.");
        axis.Add(start, bin, bins, samples, cells);
    }
}
