using System.Text.Json.Serialization;
using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a detector is built from: its parts, each of them a choice, and the profile by which diagnosis speaks of the same anchors.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RetinaNetOptions), "retinanet")]
[JsonDerivedType(typeof(SsdOptions), "ssd")]
[JsonDerivedType(typeof(FasterRCNNOptions), "faster-rcnn")]
public abstract record DetectorOptions
{
    private static readonly Lock Building = new();

    /// <summary>Input size, anchors, and how anchors are assigned unless <see cref="Assigner"/> says otherwise.</summary>
    public abstract DetectorProfile Profile { get; init; }

    /// <summary>How the values of pixels are normalised; ImageNet's way unless said otherwise.</summary>
    public PixelNormalization Normalization { get; init; } = new();

    /// <summary>
    /// Weights that a training starts from: a .pth or .safetensors file of a backbone or of a whole detector, of torchvision or Ballast, from the folder the command is
    /// run in; what does not fit is skipped and named. Null for random weights. <see cref="Build"/> does not read it, and a run that goes on does not read it again.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>What turns images into maps.</summary>
    public BackboneOptions Backbone { get; init; } = new ResNetOptions();

    /// <summary>What makes a pyramid of them.</summary>
    public NeckOptions Neck { get; init; } = new FeaturePyramidOptions();

    /// <summary>How anchors are assigned; null (the default) for the profile's assigner.</summary>
    public Assigner? Assigner { get; init; }

    /// <summary>Which candidates of its last stage count.</summary>
    public abstract Sampler Sampler { get; init; }

    /// <summary>The last stage's loss of what is there.</summary>
    public abstract ClassificationLoss ClassificationLoss { get; init; }

    /// <summary>The last stage's loss of where it is.</summary>
    public abstract BoxLoss BoxLoss { get; init; }

    /// <summary>How the last stage tells boxes from its candidates.</summary>
    public abstract BoxCoder Coder { get; init; }

    /// <summary>What the last stage's losses are divided by.</summary>
    public abstract LossDivisor Divisor { get; init; }

    /// <summary>ISR-P of PISA; null (the default) for equal weights.</summary>
    public ImportanceReweighting? Importance { get; init; }

    /// <summary>CARL of PISA; null (the default) for none.</summary>
    public ClassificationAwareRegression? ClassificationAware { get; init; }

    /// <summary>How CARL enters the box loss.</summary>
    public ClassificationAwareRule ClassificationAwareRule { get; init; }

    /// <summary>How the losses of all stages become one number.</summary>
    public ObjectiveOptions Objective { get; init; } = new WeightedSumOptions();

    /// <summary>The losses of the last stage.</summary>
    internal virtual DenseLossOptions Losses => new()
    {
        Classification = ClassificationLoss,
        Box = BoxLoss,
        Coder = Coder,
        Divisor = Divisor,
        Importance = Importance,
        ClassificationAware = ClassificationAware,
        ClassificationAwareRule = ClassificationAwareRule,
    };

    /// <summary>Builds the detector with random weights.</summary>
    /// <param name="facts">What is known of the data it will be trained on.</param>
    /// <param name="device">Where it lives; null for the processor.</param>
    /// <param name="seed">Equal seeds give equal weights.</param>
    /// <exception cref="InputException">Its parts do not fit together.</exception>
    public Detector Build(DatasetFacts facts, Device? device = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(facts);
        facts.Validate();
        if (facts.Classes.Count == 0) throw new InputException("A detector needs at least one class; the data set has none.");
        Validate();
        var detector = Seeded(facts, seed);
        if (device is not null) detector.to(device);
        return detector;
    }

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">They contradict each other; the message says which and why.</exception>
    public virtual void Validate()
    {
    }

    /// <summary>libtorch has one generator for starting weights, so detectors are made one after another.</summary>
    private Detector Seeded(DatasetFacts facts, int seed)
    {
        lock (Building)
        {
            using var scope = NewDisposeScope();
            manual_seed(seed);
            return Create(facts);
        }
    }

    /// <summary>Makes the module; options and facts are checked.</summary>
    protected abstract Detector Create(DatasetFacts facts);
}
