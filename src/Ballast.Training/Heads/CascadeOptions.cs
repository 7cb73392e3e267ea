namespace Ballast.Training;

/// <summary>A stage of a cascade after the first.</summary>
public sealed record CascadeStage
{
    private readonly float _iou = 0.6f;
    private readonly float _weight = 1;
    private readonly BoxCoder _coder = new();

    /// <summary>IoU from which a region is an object for this stage, and under which it is background, in (0, 1].</summary>
    public float IoU
    {
        get => _iou;
        init => _iou = value is > 0 and <= 1 ? value : throw new InputException($"CascadeStage.IoU is {value}; it must be more than 0 and at most 1.");
    }

    /// <summary>Weight of the stage's losses, more than 0.</summary>
    public float Weight { get => _weight; init => _weight = Requires.Positive<CascadeStage>(value); }

    /// <summary>What the stage's offsets are divided by, for x, y, width and height: smaller than the stage before, since boxes are nearer.</summary>
    public Values<float> Deviations { get => _coder.Deviations; init => _coder = _coder with { Deviations = value }; }
}

/// <summary>
/// Cascade R-CNN (Cai and Vasconcelos 2018, arXiv:1712.00726): further stages behind the first, each with a head of its own, a higher IoU and the boxes of the stage before.
/// The detector's own assigner of proposals, coder and losses are the first stage's, and the further ones' but for what is said here. At inference the logits of all stages
/// are averaged, each of its own regions, and the boxes are the last stage's, as in mmdetection.
/// </summary>
public sealed record CascadeOptions
{
    private readonly Values<CascadeStage> _further =
    [
        new() { IoU = 0.6f, Weight = 0.5f, Deviations = [0.05f, 0.05f, 0.1f, 0.1f] },
        new() { IoU = 0.7f, Weight = 0.25f, Deviations = [0.033f, 0.033f, 0.067f, 0.067f] },
    ];

    /// <summary>The stages after the first, at least one; the paper's two unless said otherwise.</summary>
    public Values<CascadeStage> Further
    {
        get => _further;
        init => _further = value.Count > 0 ? value : throw new InputException("CascadeOptions.Further is empty; give at least one stage, or leave the cascade out.");
    }

    /// <summary>The options of each stage as a detector with one stage has them, the first among them.</summary>
    internal IEnumerable<FasterRCNNOptions> Stages(FasterRCNNOptions options)
    {
        var rule = (MaxIoUAssigner)options.ProposalAssigner;
        return
        [
            options,
            .. Further.Select(stage => options with
            {
                ProposalAssigner = rule with { PositiveIoU = stage.IoU, NegativeIoU = stage.IoU },
                Coder = options.Coder with { Deviations = stage.Deviations },
            }),
        ];
    }
}
