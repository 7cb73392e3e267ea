using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What a head with guided anchoring predicts for the P places of each image, levels one after another, each row by row.</summary>
/// <param name="Locations">[N, P]: logits of being an object's centre.</param>
/// <param name="Shapes">[N, P, 2]: logarithms of the anchor's width and height over its square's.</param>
/// <param name="Dense">The class and box of each place's anchor.</param>
internal sealed record GuidedPredictions(Tensor Locations, Tensor Shapes, DensePredictions Dense);
