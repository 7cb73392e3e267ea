using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// The anchors of a detector: for each pyramid level its stride, sizes and aspect ratios (height / width), and the rule that makes boxes of them.
/// </summary>
public sealed record AnchorOptions : IChangedByWord
{
    private readonly Values<AnchorLevelOptions> _levels = [];

    /// <summary>The levels, finest first; at least one.</summary>
    public required Values<AnchorLevelOptions> Levels
    {
        get => _levels;
        init => _levels = value.Count > 0 ? value : throw new InputException("AnchorOptions.Levels is empty; give at least one level.");
    }

    /// <summary>How sizes and ratios become boxes; torchvision's rule unless said otherwise.</summary>
    public AnchorRule Rule { get; init; } = new RoundedAnchors();

    /// <summary>The smallest anchor size, pixels.</summary>
    [JsonIgnore]
    public float SmallestSize => Levels.Min(level => level.Sizes.Min());

    /// <summary>The largest anchor size, pixels.</summary>
    [JsonIgnore]
    public float LargestSize => Levels.Max(level => level.Sizes.Max());

    /// <summary>The same levels with every size multiplied, rounded down to whole pixels (at least 1).</summary>
    public AnchorOptions Scaled(double factor)
        => this with { Levels = [.. Levels.Select(level => level with { Sizes = [.. level.Sizes.Select(size => (float)Math.Max(1, Math.Floor(size * factor)))] })] };

    /// <summary>The same anchors and one finer level: half the stride (at least 1), half the sizes of the finest.</summary>
    public AnchorOptions WithFinerLevel()
    {
        var finest = Levels[0];
        var name = finest.Name is ['P', .. var number] && int.TryParse(number, out var level) ? $"P{level - 1}" : $"finer than {finest.Name}";
        var finer = finest with
        {
            Name = name,
            Stride = Half(finest.Stride),
            VerticalStride = finest.VerticalStride is { } vertical ? Half(vertical) : null,
            Sizes = [.. finest.Sizes.Select(HalfSize)],
        };
        return this with { Levels = [finer, .. Levels] };
    }

    /// <summary>The same anchors and, on every level, one more size: half its smallest.</summary>
    public AnchorOptions WithSmallerSizes()
        => this with { Levels = [.. Levels.Select(level => level with { Sizes = [.. level.Sizes, HalfSize(level.Sizes.Min())] })] };

    /// <summary>One square anchor at each place, of its level's smallest size: what assigners with a threshold for each object (ATSS) need.</summary>
    public AnchorOptions WithOneAnchor()
        => this with { Levels = [.. Levels.Select(level => level with { Sizes = [level.Sizes.Min()], Ratios = [1] })] };

    object IChangedByWord.ChangedBy(string word) => word switch
    {
        "half" => Scaled(0.5),
        "double" => Scaled(2),
        "smaller-sizes" => WithSmallerSizes(),
        "finer-level" => WithFinerLevel(),
        "one-anchor" => WithOneAnchor(),
        _ => throw new InputException($"'{word}' changes no anchors; write half, double, smaller-sizes, finer-level or one-anchor, or set their levels."),
    };

    /// <summary>The grid for a padded input size.</summary>
    /// <param name="width">Padded width, pixels.</param>
    /// <param name="height">Padded height, pixels.</param>
    public AnchorGrid Grid(int width, int height)
    {
        var levels = new AnchorLevel[Levels.Count];
        var first = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Rule.Level(Levels[i], Levels[i].Cells(width, height), width, height, first);
            first += levels[i].Count;
        }

        return new(levels);
    }

    private static int Half(int stride) => Math.Max(1, stride / 2);

    private static float HalfSize(float size) => MathF.Max(1, MathF.Floor(size / 2));
}

/// <summary>The anchors of one pyramid level.</summary>
public sealed record AnchorLevelOptions
{
    private readonly int _stride;
    private readonly int? _verticalStride;
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

    /// <summary>Pixels from row to row where that is not <see cref="Stride"/>, or null.</summary>
    public int? VerticalStride
    {
        get => _verticalStride;
        init => _verticalStride = value is null or (>= 1 and <= 4096)
            ? value
            : throw new InputException($"AnchorLevelOptions.VerticalStride is {value}; it must be 1 to 4096 pixels.");
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

    /// <summary>Cells of the feature map for a padded input: each stage halves by a padded stride-2 convolution or pooling, so sides are rounded up.</summary>
    internal (int X, int Y) Cells(int width, int height)
    {
        var (strideX, strideY) = (Stride, VerticalStride ?? Stride);
        return ((width + strideX - 1) / strideX, (height + strideY - 1) / strideY);
    }

    private static Values<float> Positive(Values<float> values, string name)
        => values.Count > 0 && values.All(value => float.IsFinite(value) && value > 0)
            ? values
            : throw new InputException($"AnchorLevelOptions.{name} is [{string.Join(", ", values)}]; give at least one positive number.");
}
