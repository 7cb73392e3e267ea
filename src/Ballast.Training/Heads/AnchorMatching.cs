namespace Ballast.Training;

/// <summary>What the current head makes of the candidates of an image, without gradient: for samplers that rank by it.</summary>
public interface ICandidateScores
{
    /// <summary>The classification loss of each candidate of an image.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="truths">[A]: the matched truth of each, or <see cref="Assignment.Background"/> or <see cref="Assignment.Ignored"/>.</param>
    /// <param name="classes">[M]: class of each truth.</param>
    /// <param name="losses">[A]: receives the losses.</param>
    void Losses(int image, ReadOnlySpan<int> truths, IReadOnlyList<int> classes, Span<float> losses);

    /// <summary>What it predicts for each candidate of an image.</summary>
    /// <param name="image">Its place in the batch.</param>
    /// <param name="anchors">The candidates.</param>
    /// <param name="scores">[A]: receives the probability of the most probable class.</param>
    /// <param name="boxes">Empty; receives A boxes.</param>
    void Predictions(int image, AnchorSet anchors, Span<float> scores, BoxArray boxes);
}

/// <summary>
/// Assigns the candidates of a batch, and samples them: on spans, image by image, without a tensor. Keeps its workspaces, so there is one for each thread that
/// makes targets.
/// </summary>
public sealed class AnchorMatching
{
    private readonly Assigner _assigner;
    private readonly Sampler _sampler;
    private readonly int _classes;
    private readonly SparseAssignment _sparse = new();
    private readonly Assignment _dense = new();
    private readonly Candidates _candidates = new();
    private readonly BorderAssignment? _border;
    private readonly int _stage;
    private float[] _weights = [];

    /// <summary>Makes the workspace.</summary>
    /// <param name="assigner">Decides which candidates are objects.</param>
    /// <param name="sampler">Decides which of them count; <see cref="NoSampler"/> for all.</param>
    /// <param name="classes">Number of classes, K; 1 to tell objects from background only.</param>
    /// <param name="borderPixels">How far candidates may reach over the image's edge to take part; null for any distance.</param>
    /// <param name="stage">0 for the first stage that candidates go through; stages draw different numbers.</param>
    public AnchorMatching(Assigner assigner, Sampler sampler, int classes, float? borderPixels = null, int stage = 0)
        => (_assigner, _sampler, _classes, _border, _stage) = (assigner, sampler, classes, borderPixels is { } border ? new BorderAssignment(border) : null, stage);

    /// <summary>The targets of a batch.</summary>
    /// <param name="anchors">[N]: the candidates of each image, as many in each; the same grid for all, or boxes of its own for each.</param>
    /// <param name="batch">N images and their objects.</param>
    /// <param name="scores">What the head makes of them, for samplers that ask.</param>
    /// <param name="shapes">What an assigner looks at that judges each candidate by several anchors (<see cref="ApproxMaxIoUAssigner"/>); null where it looks at the candidates.</param>
    public AnchorTargets Match(IReadOnlyList<AnchorSet> anchors, Batch batch, ICandidateScores? scores = null, AnchorSet? shapes = null)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(batch);
        var targets = new AnchorTargets(batch.Count, anchors[0].Count, _classes);
        if (_sampler is not NoSampler) (targets.Samples, targets.SampleWeights) = ([], []);
        var firstTruth = 0;
        for (var image = 0; image < batch.Count; image++)
        {
            var truths = batch.Items[image].Truths;
            var (before, place) = (targets.Positives.Count, new Place(targets, anchors[image], truths, image, firstTruth));
            var isSparse = _border is null && _assigner is MaxIoUAssigner && anchors[image].Grid is not null && (_sampler.Needs & CandidateNeeds.Overlaps) == 0;
            if (isSparse) ((MaxIoUAssigner)_assigner).AssignSparse(anchors[image].Grid!, truths, _sparse);
            else if (_border is not null) _border.Assign(_assigner, anchors[image], batch.Items[image], _dense);
            else _assigner.Assign(shapes ?? anchors[image], truths, _dense);
            if (targets.Samples is null && isSparse) CollectSparse(place);
            else if (targets.Samples is null) CollectAll(place);
            else Sample(place, isSparse, batch, scores);
            targets.PositivesOf[image] = targets.Positives.Count - before;
            firstTruth += truths.Count;
        }

        return targets;
    }

    /// <summary>Takes over what is positive or left out; everything else is background and counts.</summary>
    private void CollectSparse(Place place)
    {
        var (anchors, order) = (_sparse.Anchors.ToArray(), Enumerable.Range(0, _sparse.Anchors.Count).ToArray());
        Array.Sort(anchors, order);
        for (var i = 0; i < order.Length; i++) Collect(place, anchors[i], _sparse.Truths[order[i]]);
        place.Targets.SamplesOf[place.Image] += place.Targets.Anchors;
    }

    private void CollectAll(Place place)
    {
        for (var anchor = 0; anchor < place.Targets.Anchors; anchor++)
        {
            if (_dense.Truths[anchor] != Assignment.Background) Collect(place, anchor, _dense.Truths[anchor]);
        }

        place.Targets.SamplesOf[place.Image] += place.Targets.Anchors;
    }

    private void Collect(Place place, int anchor, int truth)
    {
        if (truth >= 0)
        {
            Add(place, anchor, truth);
            return;
        }

        place.Targets.Ignored.Add((place.Image * place.Targets.Anchors) + anchor);
        place.Targets.SamplesOf[place.Image]--;
    }

    private void Sample(Place place, bool isSparse, Batch batch, ICandidateScores? scores)
    {
        var (targets, count) = (place.Targets, place.Targets.Anchors);
        if (isSparse)
        {
            _dense.Reset(count, Assignment.Background);
            for (var i = 0; i < _sparse.Anchors.Count; i++) _dense.Truths[_sparse.Anchors[i]] = _sparse.Truths[i];
        }

        if (_weights.Length < count) _weights = new float[count];
        var weights = _weights.AsSpan(0, count);
        _candidates.Load(
            place.Anchors, place.Truths, _dense,
            scores is null ? null : losses => scores.Losses(place.Image, _dense.Truths, place.Truths.Classes, losses),
            scores is null ? null : (best, boxes) => scores.Predictions(place.Image, place.Anchors, best, boxes));
        var random = RandomState.Of(batch.Seed, batch.Step, batch.Items[place.Image].Id);
        for (var i = 0; i < _stage; i++) random = RandomState.Of((int)random.Next(), batch.Step, batch.Items[place.Image].Id);
        _sampler.Weigh(_candidates, ref random, weights);
        targets.CountAssigned(_dense.Truths[..count]);
        for (var anchor = 0; anchor < count; anchor++)
        {
            if (weights[anchor] == 0) continue;
            targets.Samples!.Add((place.Image * count) + anchor);
            targets.SampleWeights!.Add(weights[anchor]);
            targets.SamplesOf[place.Image]++;
            if (_dense.Truths[anchor] >= 0) Add(place, anchor, _dense.Truths[anchor]);
        }
    }

    private void Add(Place place, int anchor, int truth)
    {
        var targets = place.Targets;
        targets.Positives.Add((place.Image * targets.Anchors) + anchor);
        targets.PositiveClasses.Add(_classes == 1 ? 0 : place.Truths.Classes[truth]);
        targets.PositiveTruths.Add(place.FirstTruth + truth);
        targets.PositiveAnchors.Add(place.Anchors[anchor]);
        targets.TruthBoxes.Add(place.Truths.Boxes[truth]);
    }

    private readonly record struct Place(AnchorTargets Targets, AnchorSet Anchors, Truths Truths, int Image, int FirstTruth);
}
