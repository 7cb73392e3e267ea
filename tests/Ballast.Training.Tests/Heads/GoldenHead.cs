using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>The raw maps of a golden head, its anchors and targets, and our losses of them.</summary>
internal sealed class GoldenHead
{
    private readonly GoldenCase _golden;
    private readonly DenseLossOptions _options;
    private readonly AnchorGrid _grid;
    private readonly AnchorTargets _targets;
    private readonly DensePredictions _predictions;
    private readonly List<(string Name, Tensor Map)> _maps = [];
    private readonly int _classes;

    public GoldenHead(GoldenCase golden, Assigner assigner, DenseLossOptions options, float? borderPixels = null)
    {
        (_golden, _options) = (golden, options);
        _classes = (int)golden.Number("num_classes", 1);
        var size = golden.Parameters.GetProperty("image_size");
        var (height, width) = (size[0].GetInt32(), size[1].GetInt32());
        _grid = Anchors().Grid(width, height);
        var items = Enumerable.Range(0, 2).Select(i => new BatchImage(i, $"image {i}", width, height, width, height, GoldenTruths.Of(golden, i, 0, "gt_bboxes_image"))).ToArray();
        var batch = new Batch(zeros(2, 3, height, width), items);
        var anchors = AnchorSet.Of(_grid);
        _targets = new AnchorMatching(assigner, new NoSampler(), _classes, borderPixels).Match([anchors, anchors], batch);
        _predictions = new(
            DensePredictions.Rows(Maps("cls_score"), _classes), DensePredictions.Rows(Maps("bbox_pred"), 4),
            golden.Has("centerness0") ? DensePredictions.Rows(Maps("centerness"), 1).squeeze(-1) : null);
    }

    /// <summary>Anchors of both images that count.</summary>
    public double Samples => _targets.SamplesOf.Sum();

    public double ImagesWithoutObjects => _targets.PositivesOf.Count(count => count == 0);

    public IReadOnlyList<LossTerms> Terms() => new DenseLosses("head", _options, Facts()).Compute(_predictions, _targets);

    /// <summary>Classification, box and centre-ness loss of each level, of all levels' elements.</summary>
    public List<Tensor[]> ByLevel()
    {
        var stages = Terms();
        return [.. _grid.Levels.Select(level => new[]
        {
            Part(stages[0].Classification!, tensor(Rows(level).ToArray())),
            Part(stages[0].Box!, tensor(Positives(level).Select(i => (long)i).ToArray())),
            stages.Count > 1 ? Part(stages[1].Classification!, tensor(Positives(level).Select(i => (long)i).ToArray())) : zeros(1),
        })];
    }

    /// <summary>The losses of each level as if there were no others: mmdetection computes them so, which matters where elements weigh by each other.</summary>
    public List<Tensor[]> LevelByLevel()
        => [.. _grid.Levels.Select(level =>
        {
            var predictions = new DensePredictions(_predictions.Logits.narrow(1, level.First, level.Count), _predictions.Deltas.narrow(1, level.First, level.Count));
            var terms = new DenseLosses("head", _options, Facts()).Compute(predictions, Only(level))[0];
            return new[] { terms.Classification!.Value(), terms.Box!.Value() };
        })];

    public void AssertGradients(params Tensor[] losses)
        => _golden.AssertGradients(cat([.. losses.Select(loss => loss.flatten())]), [.. _maps]);

    private static Tensor Part(LossTerm term, Tensor rows)
    {
        var elements = term.Elements.index_select(0, rows);
        return new LossTerm(elements, term.Normalizer, term.Weights?.index_select(0, rows)).Value();
    }

    private Tensor[] Maps(string name)
    {
        var maps = _grid.Levels.Select((_, i) => (Name: $"{name}{i}", Map: _golden.Tensor($"{name}{i}", learned: true))).ToArray();
        _maps.AddRange(maps);
        return [.. maps.Select(map => map.Map)];
    }

    private IEnumerable<long> Rows(AnchorLevel level)
        => Enumerable.Range(0, 2).SelectMany(image => Enumerable.Range(level.First, level.Count).Select(i => ((long)image * _grid.Count) + i));

    private IEnumerable<int> Positives(AnchorLevel level)
        => Enumerable.Range(0, _targets.Positives.Count).Where(i => Contains(level, _targets.Positives[i]));

    private bool Contains(AnchorLevel level, int anchor) => anchor % _grid.Count >= level.First && anchor % _grid.Count < level.First + level.Count;

    private AnchorTargets Only(AnchorLevel level)
    {
        var only = new AnchorTargets(2, level.Count, _classes);
        foreach (var i in Positives(level))
        {
            only.Positives.Add(Move(_targets.Positives[i]));
            only.PositiveClasses.Add(_targets.PositiveClasses[i]);
            only.PositiveTruths.Add(_targets.PositiveTruths[i]);
            only.PositiveAnchors.Add(_targets.PositiveAnchors[i]);
            only.TruthBoxes.Add(_targets.TruthBoxes[i]);
            only.PositivesOf[_targets.Positives[i] / _grid.Count]++;
        }

        only.Ignored.AddRange(_targets.Ignored.Where(anchor => Contains(level, anchor)).Select(Move));
        for (var image = 0; image < 2; image++) only.SamplesOf[image] = level.Count - only.Ignored.Count(anchor => anchor / level.Count == image);
        return only;

        int Move(int anchor) => (anchor / _grid.Count * level.Count) + (anchor % _grid.Count) - level.First;
    }

    private AnchorOptions Anchors()
    {
        var anchor = _golden.Parameters.GetProperty("anchor");
        var (scale, octaves) = (anchor.GetProperty("octave_base_scale").GetSingle(), anchor.GetProperty("scales_per_octave").GetInt32());
        var ratios = anchor.GetProperty("ratios").EnumerateArray().Select(ratio => ratio.GetSingle()).ToArray();
        return new()
        {
            Rule = new ExactAnchors(),
            Levels = [.. anchor.GetProperty("strides").EnumerateArray().Select(stride => new AnchorLevelOptions
            {
                Name = $"stride {stride.GetInt32()}",
                Stride = stride.GetInt32(),
                Sizes = ExactAnchors.Octave(stride.GetInt32(), scale, octaves),
                Ratios = [.. ratios],
            })],
        };
    }

    private DatasetFacts Facts() => new()
    {
        Classes = [.. Enumerable.Range(0, _classes).Select(i => $"class {i}")],
        Objects = [.. new long[_classes]],
        ImagesWith = [.. new long[_classes]],
        Images = 2,
    };
}
