using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The losses of what guides anchors (Wang et al. 2019, arXiv:1901.03278, section 3.5): their shapes, and where they are.</summary>
/// <param name="options">The losses and their targets.</param>
/// <param name="anchors">The profile's anchors.</param>
internal sealed class GuidedLosses(GuidedAnchoringOptions options, AnchorOptions anchors)
{
    /// <summary>How many stages an objective gets from it.</summary>
    public const int Stages = 2;

    /// <summary>mmdetection's constant: the location loss is divided by this share of all places.</summary>
    private const double PlacesShare = 200;

    private readonly AnchorMatching _shapes = new(GuidedPlaces.Assigner(anchors, options.ShapeAssigner), options.ShapeSampler, classes: 1, stage: 1);

    private readonly LocationTargets _locations = new()
    {
        CenterFraction = options.CenterFraction,
        IgnoreFraction = options.IgnoreFraction,
        BackgroundWeight = options.BackgroundWeight,
        AnchorScale = GuidedPlaces.Scale(anchors),
    };

    /// <summary>The terms of a batch: shape, then location.</summary>
    /// <param name="predictions">Of N images with P places each.</param>
    /// <param name="places">The places.</param>
    /// <param name="batch">N images and their objects.</param>
    public IReadOnlyList<LossTerms> Compute(GuidedPredictions predictions, GuidedPlaces places, Batch batch)
        => [new("head.shape", null, Shape(predictions.Shapes, ShapeTargets(places, batch))), new("head.location", Location(predictions.Locations, places, batch), null)];

    /// <summary>The places whose shape is taught.</summary>
    public AnchorTargets ShapeTargets(GuidedPlaces places, Batch batch)
        => _shapes.Match([.. Enumerable.Repeat(AnchorSet.Of(places.Squares), batch.Count)], batch, shapes: places.Shapes);

    /// <summary>[P, 4] elements; mmdetection divides by the places that count, an image without objects, or without background, counting as if it had one.</summary>
    private LossTerm Shape(Tensor shapes, AnchorTargets targets)
    {
        var device = new DenseTargets(targets, shapes, LossDivisor.Samples);
        var boxes = new PositiveBoxes(options.ShapeCoder, cat([zeros_like(shapes), shapes], -1), device, targets);
        var divisor = Enumerable.Range(0, targets.Images).Sum(image => Math.Max(1, targets.PositivesOf[image]) + Math.Max(1, targets.SamplesOf[image] - targets.PositivesOf[image]));
        return new(options.ShapeLoss.Compute(boxes.Pairs), divisor, device.PositiveWeights(LossScale.Objects));
    }

    private LossTerm Location(Tensor logits, GuidedPlaces places, Batch batch)
    {
        var (count, background) = (places.Squares.Count, 1);
        var (targets, weights, labels) = (new float[count], new float[batch.Count * count], new long[batch.Count * count]);
        for (var image = 0; image < batch.Count; image++)
        {
            var own = weights.AsSpan(image * count, count);
            _locations.Draw(places.Squares, batch.Items[image].Truths, targets, own);
            for (var i = 0; i < count; i++) labels[(image * count) + i] = own[i] == 0 ? -1 : targets[i] > 0 ? 0 : background;
        }

        var goals = ClassTargets.Of(tensor(labels, dtype: ScalarType.Int64).to(logits.device), classes: 1);
        return new(options.LocationLoss.Compute(logits.reshape(-1, 1), goals), labels.Length / PlacesShare, tensor(weights).to(logits.dtype, logits.device));
    }
}
