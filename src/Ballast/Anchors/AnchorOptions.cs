namespace Ballast;

/// <summary>
/// The anchors of a detector: for each pyramid level its stride, sizes and aspect ratios (height / width), by torchvision's rule: width = size / sqrt(ratio),
/// height = size sqrt(ratio), base anchors rounded to whole pixels (half to even), ratio-major, at every stride without a half-pixel offset.
/// </summary>
public sealed record AnchorOptions
{
    private readonly Values<AnchorLevelOptions> _levels = [];

    /// <summary>The levels, finest first; at least one.</summary>
    public required Values<AnchorLevelOptions> Levels
    {
        get => _levels;
        init => _levels = value.Count > 0 ? value : throw new InputException("AnchorOptions.Levels is empty; give at least one level.");
    }

    /// <summary>The smallest anchor size, pixels.</summary>
    public float SmallestSize => Levels.Min(level => level.Sizes.Min());

    /// <summary>The largest anchor size, pixels.</summary>
    public float LargestSize => Levels.Max(level => level.Sizes.Max());

    /// <summary>The same levels with every size multiplied, rounded down to whole pixels (at least 1).</summary>
    public AnchorOptions Scaled(double factor)
        => this with { Levels = [.. Levels.Select(level => level with { Sizes = [.. level.Sizes.Select(size => (float)Math.Max(1, Math.Floor(size * factor)))] })] };

    /// <summary>The same anchors and one finer level: half the stride, half the sizes of the finest.</summary>
    public AnchorOptions WithFinerLevel()
    {
        var finest = Levels[0];
        var finer = finest with { Name = $"P{int.Parse(finest.Name.AsSpan(1)) - 1}", Stride = finest.Stride / 2, Sizes = [.. finest.Sizes.Select(size => (float)Math.Max(1, Math.Floor(size / 2)))] };
        return this with { Levels = [finer, .. Levels] };
    }

    /// <summary>The same anchors and, on every level, one more size: half its smallest.</summary>
    public AnchorOptions WithSmallerSizes()
        => this with { Levels = [.. Levels.Select(level => level with { Sizes = [(float)Math.Max(1, Math.Floor(level.Sizes.Min() / 2)), .. level.Sizes] })] };

    /// <summary>The grid for a padded input size.</summary>
    /// <param name="width">Padded width, pixels.</param>
    /// <param name="height">Padded height, pixels.</param>
    public AnchorGrid Grid(int width, int height)
    {
        var levels = new AnchorLevel[Levels.Count];
        var first = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Levels[i].At(width, height, first);
            first += levels[i].Count;
        }

        return new(levels);
    }
}

/// <summary>The anchors of one pyramid level.</summary>
public sealed record AnchorLevelOptions
{
    private readonly int _stride;
    private readonly Values<float> _sizes = [];
    private readonly Values<float> _ratios = [];

    /// <summary>The level's name: P3.</summary>
    public required string Name { get; init; }

    /// <summary>Pixels between cells, a power of two times the stem's; the feature map has ceil(side / stride) cells.</summary>
    public required int Stride
    {
        get => _stride;
        init => _stride = value is >= 1 and <= 4096 ? value : throw new InputException($"AnchorLevelOptions.Stride is {value}; it must be 1 to 4096 pixels.");
    }

    /// <summary>Square roots of anchor areas, pixels.</summary>
    public required Values<float> Sizes
    {
        get => _sizes;
        init => _sizes = Positive(value, nameof(Sizes));
    }

    /// <summary>Height / width.</summary>
    public required Values<float> Ratios
    {
        get => _ratios;
        init => _ratios = Positive(value, nameof(Ratios));
    }

    internal AnchorLevel At(int width, int height, int first)
    {
        // Each stage halves by a stride-2 convolution with padding, so sides are rounded up; torchvision then takes stride = side / cells, rounded down.
        var (cellsX, cellsY) = ((width + Stride - 1) / Stride, (height + Stride - 1) / Stride);
        return new(cellsX, cellsY, width / cellsX, height / cellsY, 0, 0, BaseAnchors(), first);
    }

    private Box[] BaseAnchors()
    {
        var anchors = new Box[Ratios.Count * Sizes.Count];
        var i = 0;
        foreach (var ratio in Ratios)
        {
            var heightRatio = MathF.Sqrt(ratio);
            var widthRatio = 1 / heightRatio;
            foreach (var size in Sizes)
            {
                var (w, h) = (widthRatio * size, heightRatio * size);
                anchors[i++] = new(Round(-w / 2), Round(-h / 2), Round(w / 2), Round(h / 2));
            }
        }

        return anchors;
    }

    private static float Round(float value) => MathF.Round(value, MidpointRounding.ToEven);

    private static Values<float> Positive(Values<float> values, string name)
        => values.Count > 0 && values.All(value => float.IsFinite(value) && value > 0)
            ? values
            : throw new InputException($"AnchorLevelOptions.{name} is [{string.Join(", ", values)}]; give at least one positive number.");
}
