namespace Ballast.Training;

/// <summary>One map of a feature pyramid.</summary>
/// <param name="Name">C2..C5 out of a backbone, P2..P7 out of a neck.</param>
/// <param name="Stride">Pixels of the input a cell stands for, along each side.</param>
/// <param name="Channels">Channels of the map.</param>
public sealed record FeatureLevel(string Name, int Stride, int Channels);
