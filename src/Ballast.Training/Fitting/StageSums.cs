using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>What is seen of a stage over the parts of a step.</summary>
internal sealed class StageSums
{
    private readonly string _stage;
    private readonly int _classes;
    private readonly int _levels;
    private readonly long[] _positives;
    private readonly long[] _starts = new long[ProbeLine.Bins];
    private readonly long[] _ends = new long[ProbeLine.Bins];
    private readonly double[] _boxGradients = new double[ProbeLine.Bins];
    private readonly double[] _boxLosses = new double[ProbeLine.Bins];
    private readonly double[] _classLogits;
    private readonly double[] _classBoxes;
    private readonly double[] _own;
    private readonly double[] _others;
    private CandidateCounts _assigned = new(0, 0, 0);
    private CandidateCounts _sampled = new(0, 0, 0);

    /// <param name="view">The stage.</param>
    /// <param name="levels">Number of the pyramid's levels.</param>
    public StageSums(StageView view, int levels)
    {
        (_stage, _classes, _levels) = (view.Stage, view.Targets.Classes, levels);
        _positives = new long[_classes * levels];
        (_classLogits, _classBoxes) = (new double[_classes * ProbeLine.ClassBins], new double[_classes * ProbeLine.ClassBins]);
        (_own, _others) = (new double[_classes], new double[_classes]);
    }

    /// <summary>Adds a part of the step.</summary>
    /// <param name="view">What the stage saw.</param>
    /// <param name="levels">Where candidates lie.</param>
    /// <param name="logits">[N, A, channels]: dL/dlogit.</param>
    /// <param name="deltas">[N, A, 4 + extra outputs]: dL/ddelta.</param>
    /// <param name="losses">[P]: what the objects add to the box loss; null when that is not known.</param>
    public void Add(StageView view, CandidateLevels levels, Tensor logits, Tensor deltas, Tensor? losses)
    {
        var targets = view.Targets;
        Count(targets);
        var places = tensor(targets.Positives.Select(place => (long)place).ToArray(), dtype: ScalarType.Int64).to(logits.device);
        AddColumns(logits, places, targets);
        if (targets.Positives.Count == 0) return;
        var pulls = HostNumbers.Of(logits.flatten(0, 1).index_select(0, places).abs().sum(-1));
        var lengths = HostNumbers.Of(deltas.flatten(0, 1).index_select(0, places).to(ScalarType.Float32).pow(2).sum(-1).sqrt());
        var predicted = HostNumbers.Of(view.Predictions.Deltas.detach().flatten(0, 1).index_select(0, places).narrow(1, 0, 4));
        var parts = losses is null ? new float[targets.Positives.Count] : HostNumbers.Of(losses);
        for (var i = 0; i < targets.Positives.Count; i++)
        {
            var (anchor, truth, @class) = (targets.PositiveAnchors[i], targets.TruthBoxes[i], targets.PositiveClasses[i]);
            var box = view.Coder.Decode(anchor, new BoxDelta(predicted[4 * i], predicted[(4 * i) + 1], predicted[(4 * i) + 2], predicted[(4 * i) + 3]));
            var overlap = Overlap.IoU(box, truth);
            var (bin, classBin) = (ProbeLine.BinOf(overlap, ProbeLine.Bins), (@class * ProbeLine.ClassBins) + ProbeLine.BinOf(overlap, ProbeLine.ClassBins));
            _positives[(@class * _levels) + levels.Of(targets, targets.Positives[i], anchor)]++;
            _starts[ProbeLine.BinOf(Overlap.IoU(anchor, truth), ProbeLine.Bins)]++;
            _ends[bin]++;
            _boxGradients[bin] += lengths[i];
            _boxLosses[bin] += parts[i];
            _classLogits[classBin] += pulls[i];
            _classBoxes[classBin] += lengths[i];
        }
    }

    /// <summary>The line's part.</summary>
    public StageProbe ToLine() => new()
    {
        Stage = _stage,
        Assigned = _assigned,
        Sampled = _sampled,
        Positives = [.. _positives],
        StartOverlaps = [.. _starts],
        EndOverlaps = [.. _ends],
        BoxGradients = [.. _boxGradients],
        BoxLosses = [.. _boxLosses],
        ClassLogitGradients = [.. _classLogits],
        ClassBoxGradients = [.. _classBoxes],
        OwnGradients = [.. _own],
        OtherGradients = [.. _others],
    };

    private void Count(AnchorTargets targets)
    {
        var (all, positives, seen) = ((long)targets.Images * targets.Anchors, targets.Positives.Count, targets.SamplesOf.Sum(count => (long)count));
        _sampled = Sum(_sampled, new(positives, seen - positives, all - seen));
        _assigned = Sum(_assigned, targets.Assigned ?? new(positives, all - positives - targets.Ignored.Count, targets.Ignored.Count));

        static CandidateCounts Sum(CandidateCounts a, CandidateCounts b) => new(a.Foreground + b.Foreground, a.Background + b.Background, a.LeftOut + b.LeftOut);
    }

    /// <summary>What pulls each class's score up, at its objects, and what pushes it down, at all others.</summary>
    private void AddColumns(Tensor logits, Tensor places, AnchorTargets targets)
    {
        var lengths = logits.flatten(0, 1).narrow(-1, 0, _classes).abs().to(ScalarType.Float32);
        var columns = HostNumbers.Of(lengths.sum([0L]));
        var classes = tensor(targets.PositiveClasses.Select(@class => (long)@class).ToArray(), dtype: ScalarType.Int64).to(logits.device);
        var own = HostNumbers.Of(lengths.index_select(0, places).gather(1, classes.unsqueeze(-1)).squeeze(-1));
        var ups = new double[_classes];
        for (var i = 0; i < own.Length; i++) ups[targets.PositiveClasses[i]] += own[i];
        for (var i = 0; i < _classes; i++)
        {
            _own[i] += ups[i];
            _others[i] += Math.Max(0, columns[i] - ups[i]);
        }
    }
}
