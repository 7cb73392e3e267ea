using System.Numerics;

namespace Ballast;

/// <summary>
/// How often each image is drawn in each replicate of the Poisson bootstrap: a pure function of seed, name of the image (of its group, where it has one: frames of a
/// scene are drawn together) and replicate. Detectors measured on one truth thus see the same draws.
/// </summary>
internal sealed class ImageWeights
{
    private readonly ulong[] _states;

    public ImageWeights(ImageTable images, int seed, int replicates)
    {
        Replicates = replicates;
        _states = new ulong[images.Count];
        for (var image = 0; image < _states.Length; image++)
        {
            var group = images.Group(image);
            var name = images.File(image).Length > 0 ? images.File(image) : images.IdText(image);
            _states[image] = StableHash.Of(seed, group >= 0 ? images.GroupNames[group] : name);
        }
    }

    public int Replicates { get; }

    public int Images => _states.Length;

    /// <summary>Weights of every image in consecutive replicates, one a lane.</summary>
    public void Draw(int firstReplicate, int lanes, Span<Vector<double>> weights)
    {
        Span<double> lane = stackalloc double[Vector<double>.Count];
        for (var image = 0; image < _states.Length; image++)
        {
            for (var i = 0; i < lanes; i++) lane[i] = PoissonWeights.At(_states[image], firstReplicate + i);
            weights[image] = new(lane);
        }
    }

    /// <summary>Weight of an image in a replicate.</summary>
    public int Of(int image, int replicate) => PoissonWeights.At(_states[image], replicate);
}
