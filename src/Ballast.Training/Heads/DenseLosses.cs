using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The losses of a stage that looks at anchors, and what they remember.</summary>
public sealed class DenseLosses : NamedModule
{
    /// <summary>An object whose predicted box misses it altogether stays an object to losses that take quality 0 for background.</summary>
    private const double LeastQuality = 1e-6;

    private readonly string _stage;
    private readonly DenseLossOptions _options;
    private readonly nn.Module? _classification;
    private readonly nn.Module? _box;

    /// <summary>Makes the module.</summary>
    /// <param name="stage">The stage's name in logs.</param>
    /// <param name="options">The losses.</param>
    /// <param name="facts">What is known of the data.</param>
    public DenseLosses(string stage, DenseLossOptions options, DatasetFacts facts)
        : base(nameof(DenseLosses))
    {
        ArgumentNullException.ThrowIfNull(options);
        (_stage, _options) = (stage, options);
        (_classification, _box) = (options.Classification.State(facts), options.Box.State());
        if (_classification is not null) register_module("classification", _classification);
        if (_box is not null) register_module("box", _box);
    }

    /// <summary>Is shown what the losses are computed from; null for nobody.</summary>
    internal IStepObserver? Observer { get; set; }

    /// <summary>What the classification loss makes of the candidates, for samplers that ask.</summary>
    /// <param name="predictions">Of the batch.</param>
    /// <param name="classes">K.</param>
    public ICandidateScores Scores(DensePredictions predictions, int classes) => new HeadScores(predictions, _options.Classification, _classification, _options.Coder, classes);

    /// <summary>The terms of a batch: classification and boxes, then centre-ness and CARL where they are asked for.</summary>
    /// <param name="predictions">Of N images with A anchors each.</param>
    /// <param name="targets">Of the same anchors.</param>
    public IReadOnlyList<LossTerms> Compute(DensePredictions predictions, AnchorTargets targets)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        Observer?.Saw(new(_stage, predictions, targets, _options.Coder, _options.ClassificationAware is not null));
        var logits = predictions.Logits.flatten(0, 1);
        var device = new DenseTargets(targets, logits, _options.Divisor);
        var boxes = new PositiveBoxes(_options.Coder, predictions.Deltas, device, targets);
        var classification = Classification(logits, device, boxes, targets);
        var each = _options.Box.Compute(boxes.Pairs, _box);
        if (_options.Centerness) return WithCenterness(classification, each, predictions, device, targets);
        var box = new LossTerm(each, BoxDivisor(targets), device.PositiveWeights(_options.Box.Scale));
        return WithCarl(classification, box, logits, device);
    }

    /// <summary>What the terms of <see cref="Compute"/> are divided by.</summary>
    /// <param name="targets">Of a batch.</param>
    public IReadOnlyList<Divisors> Divisors(AnchorTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var classification = ClassificationDivisor(targets);
        if (_options.Centerness) return [new(classification, CenternessSum(Training.Centerness.Of(targets))), new(BoxDivisor(targets), null)];
        return _options.Stages == 1 ? [new(classification, BoxDivisor(targets))] : [new(classification, BoxDivisor(targets)), new(null, BoxDivisor(targets))];
    }

    private static double CenternessSum(float[] centers) => Math.Max(1, centers.Sum(value => (double)value));

    private LossTerm Classification(Tensor logits, DenseTargets device, PositiveBoxes boxes, AnchorTargets targets)
    {
        var loss = _options.Classification;
        var quality = loss.LearnsQuality ? device.Spread(boxes.Quality().clamp(min: LeastQuality), 0) : null;
        var rows = device.Of(logits);
        var elements = loss.Compute(rows, ClassTargets.Of(device.Labels, targets.Classes, quality, device.SampleWeights), _classification);
        var weights = device.Weights(loss.Scale);
        if (_options.Importance is { } importance) weights = Reweighted(importance, elements, weights, device, boxes, targets);
        return new(elements, ClassificationDivisor(targets), weights);
    }

    /// <summary>The weights of the positives by ISR-P; one copy to the host.</summary>
    private static Tensor Reweighted(
        ImportanceReweighting importance, Tensor elements, Tensor? weights, DenseTargets device, PositiveBoxes boxes, AnchorTargets targets)
    {
        using var frozen = no_grad();
        var each = (elements.dim() > 1 ? elements.sum(-1) : elements).index_select(0, device.PositiveRows);
        var old = weights is null ? ones(elements.shape[0], dtype: elements.dtype, device: elements.device) : weights;
        var host = stack([boxes.Quality(), each, old.index_select(0, device.PositiveRows)]).to(ScalarType.Float32).cpu();
        var numbers = HostNumbers.Of(host);
        var count = targets.Positives.Count;
        var fresh = numbers[(2 * count)..];
        importance.Weigh([.. targets.PositiveClasses], [.. targets.PositiveTruths], numbers.AsSpan(0, count), numbers.AsSpan(count, count), fresh);
        return old.index_copy(0, device.PositiveRows, tensor(fresh).to(elements.dtype, elements.device));
    }

    private IReadOnlyList<LossTerms> WithCenterness(
        LossTerm classification, Tensor each, DensePredictions predictions, DenseTargets device, AnchorTargets targets)
    {
        var centers = Training.Centerness.Of(targets);
        var goal = tensor(centers).to(each.dtype, each.device);
        var logits = predictions.Centerness!.flatten().index_select(0, device.Positives);
        var elements = nn.functional.binary_cross_entropy_with_logits(logits, goal, reduction: nn.Reduction.None);
        var box = new LossTerm(each, CenternessSum(centers), goal);
        return [new(_stage, classification, box), new($"{_stage}.centerness", new(elements, BoxDivisor(targets), device.PositiveWeights(LossScale.Objects)), null)];
    }

    private IReadOnlyList<LossTerms> WithCarl(LossTerm classification, LossTerm box, Tensor logits, DenseTargets device)
    {
        if (_options.ClassificationAware is not { } carl) return [new(_stage, classification, box)];
        var probabilities = _options.Classification.Probabilities(logits.index_select(0, device.Positives)).gather(1, device.Classes.unsqueeze(-1)).squeeze(-1);
        var aware = new LossTerm(carl.Compute(probabilities, box.Elements), box.Normalizer, box.Weights);
        return _options.ClassificationAwareRule == ClassificationAwareRule.Replace
            ? [new(_stage, classification, aware)]
            : [new(_stage, classification, box), new($"{_stage}.carl", null, aware)];
    }

    private double ClassificationDivisor(AnchorTargets targets)
        => Divisor(_options.Classification.Scale, targets.SamplesOf.Sum(count => (double)count) * targets.Classes, targets);

    private double BoxDivisor(AnchorTargets targets) => Divisor(_options.Box.Scale, targets.Positives.Count * 4.0, targets);

    private double Divisor(LossScale scale, double elements, AnchorTargets targets) => scale switch
    {
        LossScale.Elements => Math.Max(1, elements),
        LossScale.Whole => 1,
        _ => _options.Divisor switch
        {
            LossDivisor.PositivesOfImage => targets.Images,
            LossDivisor.Samples => Math.Max(1, targets.SamplesOf.Sum()),
            _ => targets.PositivesOf.Sum(count => Math.Max(1, count)),
        },
    };
}
