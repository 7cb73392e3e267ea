namespace Ballast;

/// <summary>
/// The anchors of one image as a detector's assigner takes them: for each usable object how many anchors are positive for it and the best overlap, for each positive
/// anchor its level, object and overlap. One is kept for each worker and used again for every image.
/// </summary>
/// <param name="profile">The detector's anchors, input side and assigner.</param>
/// <param name="adaptive">An assigner that takes the profile's place; every anchor that it calls positive reaches its own threshold.</param>
internal sealed class AnchorMatches(DetectorProfile profile, Assigner? adaptive = null)
{
    private readonly Dictionary<(int Width, int Height), AnchorSet> _grids = [];
    private readonly Assignment _dense = new();
    private readonly SparseAssignment _assignment = new();
    private readonly Truths _truths = new();
    private int[] _positives = [];
    private int[] _strong = [];

    /// <summary>The anchors of the image's padded input.</summary>
    public AnchorGrid Grid { get; private set; } = new([]);

    /// <summary>The positive and left-out anchors; everything else in the grid is background.</summary>
    public SparseAssignment Assignment => _assignment;

    /// <summary>For each usable object: number of positive anchors.</summary>
    public ReadOnlySpan<int> Positives => _positives.AsSpan(0, _truths.Count);

    /// <summary>For each usable object: number of positive anchors that reach the assigner's threshold (the others come from the low-quality rule).</summary>
    public ReadOnlySpan<int> StrongPositives => _strong.AsSpan(0, _truths.Count);

    /// <summary>For each usable object: largest IoU with any anchor.</summary>
    public IReadOnlyList<float> BestOverlaps => _assignment.TruthBest;

    /// <summary>Assigns the anchors of an image to its usable objects.</summary>
    public void Match(ImageObjects image)
    {
        var anchors = AnchorsOf(image.Resized);
        Grid = anchors.Grid!;
        _truths.Clear();
        for (var i = 0; i < image.Count; i++) _truths.Add(image.ResizedBoxes[i], image.Classes[i]);
        Assign(anchors);
        if (_positives.Length < image.Count) (_positives, _strong) = (new int[image.Count * 2], new int[image.Count * 2]);
        _positives.AsSpan(0, image.Count).Clear();
        _strong.AsSpan(0, image.Count).Clear();
        for (var i = 0; i < _assignment.Anchors.Count; i++)
        {
            var truth = _assignment.Truths[i];
            if (truth < 0) continue;
            _positives[truth]++;
            if (adaptive is not null || _assignment.Overlaps[i] >= profile.Assigner.PositiveIoU) _strong[truth]++;
        }
    }

    private void Assign(AnchorSet anchors)
    {
        if (adaptive is null)
        {
            profile.Assigner.AssignSparse(anchors.Grid!, _truths, _assignment);
            return;
        }

        adaptive.Assign(anchors, _truths, _dense);
        _assignment.Take(_dense, _truths.Count);
    }

    private AnchorSet AnchorsOf((int Width, int Height) resized)
    {
        var padded = profile.Input.Pad(resized.Width, resized.Height);
        if (!_grids.TryGetValue(padded, out var anchors)) _grids.Add(padded, anchors = AnchorSet.Of(profile.Anchors.Grid(padded.Width, padded.Height)));
        return anchors;
    }
}
