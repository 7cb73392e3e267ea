using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// What a max-IoU assigner decides on a grid, without the background: only the anchors that are positive or left out. Also the workspace that finds them, so
/// one is kept for each worker and used again for every image.
/// </summary>
public sealed class SparseAssignment
{
    private (float Overlap, int Truth)[] _best = [];
    private readonly List<int> _touched = [];

    /// <summary>Indices in the grid of the anchors that are positive or left out, each once.</summary>
    public List<int> Anchors { get; } = [];

    /// <summary>For each of <see cref="Anchors"/>: the matched truth, or <see cref="Assignment.Ignored"/>.</summary>
    public List<int> Truths { get; } = [];

    /// <summary>For each of <see cref="Anchors"/>: IoU with its matched truth; for those left out the largest IoU.</summary>
    public List<float> Overlaps { get; } = [];

    /// <summary>For each truth: its largest IoU with any anchor of the grid.</summary>
    public List<float> TruthBest { get; } = [];

    internal List<(int Truth, int Anchor)> Ties { get; } = [];

    internal ReadOnlySpan<int> Touched => CollectionsMarshal.AsSpan(_touched);

    /// <summary>Anchors that the low-quality rule makes positive, with the last truth that asked for each.</summary>
    internal Dictionary<int, int> Kept { get; } = [];

    /// <summary>Forgets the last image.</summary>
    internal void Begin(int anchors)
    {
        foreach (var anchor in _touched) _best[anchor].Overlap = float.NegativeInfinity;
        _touched.Clear();
        Anchors.Clear();
        Truths.Clear();
        Overlaps.Clear();
        TruthBest.Clear();
        Ties.Clear();
        Kept.Clear();
        if (_best.Length >= anchors) return;
        _best = new (float, int)[anchors];
        _best.AsSpan().Fill((float.NegativeInfinity, 0));
    }

    /// <summary>Takes over what an assigner decided of every candidate: those that are positive or left out.</summary>
    /// <param name="dense">Its N entries.</param>
    /// <param name="truths">Number of truths; their <see cref="TruthBest"/> is the largest IoU with what they got, 0 for nothing.</param>
    internal void Take(Assignment dense, int truths)
    {
        Begin(0);
        TruthBest.AddRange(Enumerable.Repeat(0f, truths));
        for (var i = 0; i < dense.Count; i++)
        {
            var truth = dense.Truths[i];
            if (truth == Assignment.Background) continue;
            Report(i, truth, dense.Overlaps[i]);
            if (truth >= 0) TruthBest[truth] = Math.Max(TruthBest[truth], dense.Overlaps[i]);
        }
    }

    /// <summary>Notes an overlap; the first truth keeps a tie.</summary>
    internal void Touch(int anchor, int truth, float overlap)
    {
        ref var best = ref _best[anchor];
        if (best.Overlap == float.NegativeInfinity) _touched.Add(anchor);
        else if (overlap <= best.Overlap) return;
        best = (overlap, truth);
    }

    internal (float Overlap, int Truth) BestOf(int anchor) => _best[anchor];

    internal void SetBest(int anchor, int truth, float overlap) => _best[anchor] = (overlap, truth);

    internal void Report(int anchor, int truth, float overlap)
    {
        Anchors.Add(anchor);
        Truths.Add(truth);
        Overlaps.Add(overlap);
    }
}
