namespace Ballast.Training;

/// <summary>
/// Assigns the anchors of a batch, and samples them: on spans, image by image, without a tensor. Keeps its workspaces, so there is one for each thread that
/// makes targets.
/// </summary>
public sealed class AnchorMatching
{
    private readonly Assigner _assigner;
    private readonly int _classes;
    private readonly SparseAssignment _sparse = new();
    private readonly Assignment _dense = new();

    /// <summary>Makes the workspace.</summary>
    /// <param name="assigner">Decides which anchors are objects.</param>
    /// <param name="classes">Number of classes, K; 1 to tell objects from background only.</param>
    public AnchorMatching(Assigner assigner, int classes) => (_assigner, _classes) = (assigner, classes);

    /// <summary>The targets of a batch.</summary>
    /// <param name="anchors">[N]: the candidates of each image, as many in each; the same grid for all, or boxes of its own for each.</param>
    /// <param name="batch">N images and their objects.</param>
    public AnchorTargets Match(IReadOnlyList<AnchorSet> anchors, Batch batch)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(batch);
        var targets = new AnchorTargets(batch.Count, anchors[0].Count, _classes);
        var firstTruth = 0;
        for (var image = 0; image < batch.Count; image++)
        {
            var truths = batch.Items[image].Truths;
            if (_assigner is MaxIoUAssigner byOverlap && anchors[image].Grid is { } grid) MatchGrid(byOverlap, grid, truths, image, firstTruth, targets);
            else MatchAll(anchors[image], truths, image, firstTruth, targets);
            firstTruth += truths.Count;
        }

        return targets;
    }

    private void MatchGrid(MaxIoUAssigner assigner, AnchorGrid grid, Truths truths, int image, int firstTruth, AnchorTargets targets)
    {
        assigner.AssignSparse(grid, truths, _sparse);
        var order = new int[_sparse.Anchors.Count];
        var keys = _sparse.Anchors.ToArray();
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        var positives = 0;
        foreach (var i in order)
        {
            var anchor = _sparse.Anchors[i];
            if (_sparse.Truths[i] >= 0)
            {
                Add(targets, image, anchor, grid[anchor], truths, _sparse.Truths[i], firstTruth);
                positives++;
            }
            else
            {
                targets.Ignored.Add((image * targets.Anchors) + anchor);
            }
        }

        targets.PositivesOf[image] = positives;
        targets.SamplesOf[image] = targets.Anchors - (order.Length - positives);
    }

    private void MatchAll(AnchorSet anchors, Truths truths, int image, int firstTruth, AnchorTargets targets)
    {
        _assigner.Assign(anchors, truths, _dense);
        var (positives, ignored) = (0, 0);
        for (var anchor = 0; anchor < targets.Anchors; anchor++)
        {
            var truth = _dense.Truths[anchor];
            if (truth >= 0)
            {
                Add(targets, image, anchor, anchors.Boxes[anchor], truths, truth, firstTruth);
                positives++;
            }
            else if (truth == Assignment.Ignored)
            {
                targets.Ignored.Add((image * targets.Anchors) + anchor);
                ignored++;
            }
        }

        targets.PositivesOf[image] = positives;
        targets.SamplesOf[image] = targets.Anchors - ignored;
    }

    private void Add(AnchorTargets targets, int image, int anchor, Box box, Truths truths, int truth, int firstTruth)
    {
        targets.Positives.Add((image * targets.Anchors) + anchor);
        targets.PositiveClasses.Add(_classes == 1 ? 0 : truths.Classes[truth]);
        targets.PositiveTruths.Add(firstTruth + truth);
        targets.PositiveAnchors.Add(box);
        targets.TruthBoxes.Add(truths.Boxes[truth]);
    }
}
