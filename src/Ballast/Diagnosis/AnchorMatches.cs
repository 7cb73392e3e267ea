namespace Ballast;

/// <summary>
/// The anchors of one image as a detector's assigner takes them: for each usable object how many anchors are positive for it and the best overlap, for each positive
/// anchor its level, object and overlap. One is kept for each worker and used again for every image.
/// </summary>
internal sealed class AnchorMatches(DetectorProfile profile)
{
    private readonly Dictionary<(int Width, int Height), AnchorGrid> _grids = [];
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
        Grid = GridOf(image.Resized);
        _truths.Clear();
        for (var i = 0; i < image.Count; i++) _truths.Add(image.ResizedBoxes[i], image.Classes[i]);
        profile.Assigner.AssignSparse(Grid, _truths, _assignment);
        if (_positives.Length < image.Count) (_positives, _strong) = (new int[image.Count * 2], new int[image.Count * 2]);
        _positives.AsSpan(0, image.Count).Clear();
        _strong.AsSpan(0, image.Count).Clear();
        for (var i = 0; i < _assignment.Anchors.Count; i++)
        {
            var truth = _assignment.Truths[i];
            if (truth < 0) continue;
            _positives[truth]++;
            if (_assignment.Overlaps[i] >= profile.Assigner.PositiveIoU) _strong[truth]++;
        }
    }

    private AnchorGrid GridOf((int Width, int Height) resized)
    {
        var padded = profile.Input.Pad(resized.Width, resized.Height);
        if (!_grids.TryGetValue(padded, out var grid)) _grids.Add(padded, grid = profile.Anchors.Grid(padded.Width, padded.Height));
        return grid;
    }
}
