namespace Ballast.Training;

/// <summary>The regions of a batch that a box head learns from, and what they are.</summary>
/// <param name="Boxes">[N]: the regions of each image, R in all.</param>
/// <param name="Targets">Of R regions, as those of one image.</param>
/// <param name="TruthRows">Which of the R regions are truths that were added to the proposals, ascending.</param>
public sealed record RegionTargets(IReadOnlyList<BoxArray> Boxes, AnchorTargets Targets, IReadOnlyList<int> TruthRows)
{
    /// <summary>[R]: the class of each object, 0 for background: whose box is learned.</summary>
    internal long[] ClassesOfBoxes()
    {
        var classes = new long[Targets.Anchors];
        for (var i = 0; i < Targets.Positives.Count; i++) classes[Targets.Positives[i]] = Targets.PositiveClasses[i];
        return classes;
    }
}

/// <summary>Assigns proposals and samples them: on spans, image by image, without a tensor. Keeps its workspaces, so there is one for each thread.</summary>
/// <param name="assigner">Decides which proposals are objects.</param>
/// <param name="sampler">Decides which of them count.</param>
/// <param name="classes">Number of classes, K.</param>
/// <param name="addTruths">Whether the truths are proposals too.</param>
/// <param name="stage">0 for the first stage that regions go through; stages draw different numbers.</param>
public sealed class RegionSampling(Assigner assigner, Sampler sampler, int classes, bool addTruths, int stage = 0)
{
    private readonly Assignment _assignment = new();
    private readonly Candidates _candidates = new();
    private float[] _weights = [];

    /// <summary>The regions to learn from, in the order of the candidates.</summary>
    /// <param name="proposals">[N]: of each image, pixels of the batch.</param>
    /// <param name="batch">N images and their objects.</param>
    /// <param name="scores">What the head makes of the candidates of all images, for samplers that ask; is called at most once.</param>
    public RegionTargets Sample(IReadOnlyList<BoxArray> proposals, Batch batch, Func<IReadOnlyList<BoxArray>, ICandidateScores>? scores = null)
    {
        ArgumentNullException.ThrowIfNull(proposals);
        ArgumentNullException.ThrowIfNull(batch);
        BoxArray[] candidates = addTruths ? [.. proposals.Select((boxes, image) => WithTruths(boxes, batch.Items[image].Truths))] : [.. proposals];
        var heads = scores is null ? null : new Lazy<ICandidateScores>(() => scores(candidates));
        var draft = new Draft(classes);
        for (var image = 0; image < candidates.Length; image++) Sample(candidates[image], proposals[image].Count, image, batch, heads, draft);
        return draft.Finish();
    }

    private static BoxArray WithTruths(BoxArray proposals, Truths truths)
    {
        var boxes = new BoxArray(proposals.Count + truths.Count);
        for (var i = 0; i < proposals.Count; i++) boxes.Add(proposals[i]);
        for (var i = 0; i < truths.Count; i++) boxes.Add(truths.Boxes[i]);
        return boxes;
    }

    private void Sample(BoxArray boxes, int proposals, int image, Batch batch, Lazy<ICandidateScores>? heads, Draft draft)
    {
        var (anchors, truths) = (AnchorSet.Of(boxes), batch.Items[image].Truths);
        assigner.Assign(anchors, truths, _assignment);
        _candidates.Load(
            anchors, truths, _assignment,
            heads is null ? null : losses => heads.Value.Losses(image, _assignment.Truths, truths.Classes, losses),
            heads is null ? null : (best, predicted) => heads.Value.Predictions(image, anchors, best, predicted));
        if (_weights.Length < boxes.Count) _weights = new float[boxes.Count];
        var weights = _weights.AsSpan(0, boxes.Count);
        var random = Stream(batch, image);
        sampler.Weigh(_candidates, ref random, weights);
        draft.Begin(_assignment.Truths[..boxes.Count]);
        for (var i = 0; i < boxes.Count; i++)
        {
            if (weights[i] != 0) draft.Add(boxes[i], weights[i], _assignment.Truths[i], truths, isTruth: i >= proposals);
        }

        draft.End(truths);
    }

    /// <summary>Numbers of their own: anchors and other stages of the same image draw from other streams.</summary>
    private RandomState Stream(Batch batch, int image)
    {
        var random = RandomState.Of(batch.Seed, batch.Step, batch.Items[image].Id);
        for (var i = 0; i <= stage; i++) random = RandomState.Of((int)random.Next(), batch.Step, batch.Items[image].Id);
        return random;
    }

    /// <summary>Regions as they are gathered.</summary>
    private sealed class Draft(int classes)
    {
        private readonly List<BoxArray> _boxes = [];
        private readonly List<float> _weights = [];
        private readonly List<(int Row, int Class, int Truth, Box Region, Box Target)> _positives = [];
        private readonly List<int> _truthRows = [];
        private readonly AnchorTargets _assigned = new(1, 0, classes);
        private int _rows;
        private int _firstTruth;

        public void Begin(ReadOnlySpan<int> assigned)
        {
            _boxes.Add(new());
            _assigned.CountAssigned(assigned);
        }

        public void Add(Box box, float weight, int truth, Truths truths, bool isTruth)
        {
            if (isTruth) _truthRows.Add(_rows);
            _boxes[^1].Add(box);
            _weights.Add(weight);
            if (truth >= 0) _positives.Add((_rows, classes == 1 ? 0 : truths.Classes[truth], _firstTruth + truth, box, truths.Boxes[truth]));
            _rows++;
        }

        public void End(Truths truths) => _firstTruth += truths.Count;

        public RegionTargets Finish()
        {
            var targets = new AnchorTargets(1, _rows, classes) { Assigned = _assigned.Assigned };
            foreach (var (row, @class, truth, region, target) in _positives)
            {
                targets.Positives.Add(row);
                targets.PositiveClasses.Add(@class);
                targets.PositiveTruths.Add(truth);
                targets.PositiveAnchors.Add(region);
                targets.TruthBoxes.Add(target);
            }

            (targets.PositivesOf[0], targets.SamplesOf[0]) = (_positives.Count, _rows);
            if (_weights.TrueForAll(weight => weight == 1)) return new(_boxes, targets, _truthRows);
            targets.Samples = [.. Enumerable.Range(0, _rows)];
            targets.SampleWeights = _weights;
            return new(_boxes, targets, _truthRows);
        }
    }
}
