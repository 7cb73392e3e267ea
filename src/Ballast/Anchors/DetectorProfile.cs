namespace Ballast;

/// <summary>
/// What a detector asks of its data before anything is learned: input size, anchors and how they are assigned. Training, diagnosis and the report speak of the
/// same profile.
/// </summary>
public sealed record DetectorProfile
{
    private static readonly Values<float> Ratios = [0.5f, 1, 2];

    private readonly double _usualBackground = 1000;
    private readonly double _usualPositiveIoU = 0.6;

    /// <summary>The profile's name.</summary>
    public required string Name { get; init; }

    /// <summary>The size images are resized to.</summary>
    public InputSize Input { get; init; } = new();

    /// <summary>The anchors of the first stage.</summary>
    public required AnchorOptions Anchors { get; init; }

    /// <summary>How anchors become objects, background or are left out.</summary>
    public required MaxIoUAssigner Assigner { get; init; }

    /// <summary>
    /// Whether a second stage pools each object from the level its size gives (224 px from P4, Lin et al. 2017); otherwise every level learns the objects of
    /// its own anchors' sizes.
    /// </summary>
    public bool PoolsRegions { get; init; }

    /// <summary>Background anchors for one positive that are usual for this detector on COCO train2017: what fg:bg is judged against.</summary>
    public double UsualBackground { get => _usualBackground; init => _usualBackground = Positive(value, nameof(UsualBackground)); }

    /// <summary>Mean IoU of positive anchors that is usual for this detector on COCO: what the IoU distribution is judged against.</summary>
    public double UsualPositiveIoU
    {
        get => _usualPositiveIoU;
        init => _usualPositiveIoU = value <= 1 ? Positive(value, nameof(UsualPositiveIoU)) : throw new InputException($"DetectorProfile.UsualPositiveIoU is {value}; an IoU is at most 1.");
    }

    /// <summary>RetinaNet (Lin et al. 2017, arXiv:1708.02002) as torchvision has it: P3..P7, nine anchors a cell, IoU 0.5 / 0.4.</summary>
    public static DetectorProfile RetinaNet { get; } = new()
    {
        Name = "retinanet",
        Anchors = new() { Levels = [.. Enumerable.Range(3, 5).Select(level => Octave($"P{level}", 1 << level, 4 << level))] },
        Assigner = new() { PositiveIoU = 0.5f, NegativeIoU = 0.4f, LowQuality = LowQualityRule.Restore },
    };

    /// <summary>
    /// The region proposal network of Faster R-CNN with FPN (Ren et al. 2015; Lin et al. 2017, arXiv:1612.03144): P2..P6, three anchors a cell, IoU 0.7 / 0.3.
    /// </summary>
    public static DetectorProfile FasterRCNN { get; } = new()
    {
        Name = "faster-rcnn",
        Anchors = new() { Levels = [.. Enumerable.Range(2, 5).Select(level => new AnchorLevelOptions { Name = $"P{level}", Stride = 1 << level, Sizes = [8 << level], Ratios = Ratios })] },
        Assigner = new() { PositiveIoU = 0.7f, NegativeIoU = 0.3f, LowQuality = LowQualityRule.Restore },
        PoolsRegions = true,
        UsualBackground = 8000,
        UsualPositiveIoU = 0.7,
    };

    /// <summary>
    /// SSD300 (Liu et al. 2016, arXiv:1512.02325) as torchvision has it: 8,732 default boxes on six maps, IoU 0.5, every truth keeps its best box.
    /// </summary>
    public static DetectorProfile Ssd { get; } = new()
    {
        Name = "ssd",
        Input = InputSize.Parse("300x300!"),
        Anchors = new() { Rule = new DefaultBoxes(), Levels = SsdLevels() },
        Assigner = new() { PositiveIoU = 0.5f, NegativeIoU = 0.5f, LowQuality = LowQualityRule.Overwrite, TakeAllTies = false },
        UsualBackground = 350,
    };

    /// <summary>The profiles above; others are read from files.</summary>
    public static IReadOnlyList<DetectorProfile> Known => [RetinaNet, FasterRCNN, Ssd];

    /// <summary>Reads a profile: the JSON form of this record, camelCase, comments and trailing commas allowed.</summary>
    /// <exception cref="InputException">The file is missing, is not JSON, or holds an unknown or wrong member; the message names file, line and
    /// member.</exception>
    public static DetectorProfile Load(string path)
    {
        var profile = RecipeReader.Load<DetectorProfile>(path);
        try
        {
            profile.Assigner.Validate();
        }
        catch (InputException e)
        {
            throw new InputException($"'{path}', assigner: {e.Message}", e);
        }

        return profile;
    }

    /// <summary>The profile as a recipe; reading it gives an equal profile.</summary>
    public string ToJson() => RecipeReader.ToJson(this);

    /// <summary>The size of the input after resize and padding, and the anchors on it.</summary>
    /// <param name="width">Image width, pixels.</param>
    /// <param name="height">Image height, pixels.</param>
    public AnchorGrid Grid(int width, int height)
    {
        var (resizedWidth, resizedHeight) = Input.Resize(width, height);
        var (paddedWidth, paddedHeight) = Input.Pad(resizedWidth, resizedHeight);
        return Anchors.Grid(paddedWidth, paddedHeight);
    }

    private static double Positive(double value, string name)
        => value > 0 && double.IsFinite(value) ? value : throw new InputException($"DetectorProfile.{name} is {value}; it must be a positive number.");

    private static Values<AnchorLevelOptions> SsdLevels()
    {
        int[] strides = [8, 16, 32, 64, 100, 300];
        var sizes = DefaultBoxes.Sizes(21, 45, 99, 153, 207, 261, 315);
        return [.. strides.Select((stride, i) => new AnchorLevelOptions
        {
            Name = $"{(int)Math.Ceiling(300.0 / stride)}x{(int)Math.Ceiling(300.0 / stride)}",
            Stride = stride,
            Sizes = sizes[i],
            Ratios = i is 0 or 4 or 5 ? [2] : [2, 3],
        })];
    }

    private static AnchorLevelOptions Octave(string name, int stride, int size) => new()
    {
        Name = name,
        Stride = stride,
        Sizes = [size, (int)(size * Math.Pow(2, 1 / 3.0)), (int)(size * Math.Pow(2, 2 / 3.0))],
        Ratios = Ratios,
    };
}
