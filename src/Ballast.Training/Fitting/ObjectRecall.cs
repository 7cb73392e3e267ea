using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>
/// Counts the objects of each class that a detector finds: those that a detection of their class overlaps by at least so much, each detection taken once, best scores first.
/// </summary>
/// <param name="classes">Number of classes, K.</param>
/// <param name="overlap">IoU, in (0, 1].</param>
public sealed class ObjectRecall(int classes, double overlap = ObjectRecall.UsualOverlap)
{
    /// <summary>The IoU at which detections usually count.</summary>
    public const double UsualOverlap = 0.5;

    private readonly long[] _objects = new long[classes];
    private readonly long[] _found = new long[classes];

    /// <summary>[K]: objects that were there.</summary>
    public Values<long> Objects => [.. _objects];

    /// <summary>[K]: those that were found.</summary>
    public Values<long> Found => [.. _found];

    /// <summary>Adds an image.</summary>
    /// <param name="detections">What was found in it, best first, pixels of the image as it is.</param>
    /// <param name="image">The image and its objects.</param>
    public void Add(Detections detections, BatchImage image)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(image);
        var truths = image.Truths;
        for (var i = 0; i < truths.Count; i++) _objects[truths.Classes[i]]++;
        var taken = new bool[truths.Count];
        for (var i = 0; i < detections.Count; i++)
        {
            var best = Best(image.ToInput(detections.Boxes[i]), detections.Classes[i], truths, taken);
            if (best < 0) continue;
            taken[best] = true;
            _found[truths.Classes[best]]++;
        }
    }

    /// <summary>Counts over batches of a source; the detector is left evaluating.</summary>
    /// <param name="detector">Looks.</param>
    /// <param name="source">Gives images and objects.</param>
    /// <param name="steps">Which of its batches.</param>
    public static ObjectRecall Of(Detector detector, IBatchSource source, IEnumerable<long> steps)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(steps);
        var recall = new ObjectRecall(detector.Classes);
        var device = detector.parameters().First().device;
        detector.eval();
        foreach (var step in steps)
        {
            using var scope = NewDisposeScope();
            var batch = source.Load(step).To(device);
            var found = detector.Detect(batch);
            for (var image = 0; image < found.Length; image++) recall.Add(found[image], batch.Items[image]);
        }

        return recall;
    }

    /// <summary>The batches of an epoch that are looked at again, spread over it.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="batches">Batches of an epoch.</param>
    /// <param name="fraction">How many of them, in [0, 1]; at least one unless it is 0.</param>
    public static IEnumerable<long> Again(int epoch, int batches, double fraction)
    {
        var count = fraction == 0 ? 0 : (int)Math.Clamp(Math.Floor(batches * fraction), 1, batches);
        for (var i = 0; i < count; i++) yield return ((long)(epoch - 1) * batches) + ((long)i * batches / count);
    }

    private int Best(in Box box, int @class, Truths truths, bool[] taken)
    {
        var (best, most) = (-1, overlap);
        for (var i = 0; i < truths.Count; i++)
        {
            if (taken[i] || truths.Classes[i] != @class) continue;
            var own = Overlap.IoU(box, truths.Boxes[i]);
            if (own < most) continue;
            (best, most) = (i, own);
        }

        return best;
    }
}
