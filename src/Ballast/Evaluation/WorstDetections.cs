namespace Ballast;

/// <summary>The worst of a detector, to look at: its surest false alarms and the misses of the rarest classes, each class cut at its own best threshold.</summary>
internal sealed class WorstDetections
{
    private const int DetectionsPerImage = 100;
    private const int MostInGroup = 6;
    private const int MostClasses = 3;
    private const int MostListed = 30;
    private const int MostNear = 2;
    private const int ScoreBins = 20;
    private const double Near = 0.1;
    private const double ManyTimes = 50;

    private readonly EvaluationSummary _summary;
    private readonly List<JudgedDetection> _judged;
    private readonly int[] _imageOf;
    private readonly int[] _judgementOf;
    private readonly bool[] _found;

    private WorstDetections(EvaluationSummary summary)
    {
        _summary = summary;
        (_judged, _) = ErrorFinder.Find(summary.Evaluation, DetectionsPerImage);
        _imageOf = new int[summary.Detections.Count];
        for (var image = 0; image < summary.Truth.Images.Count; image++)
        {
            var (start, end) = summary.Detections.Of(image);
            _imageOf.AsSpan(start, end - start).Fill(image);
        }

        _judgementOf = new int[_imageOf.Length];
        Array.Fill(_judgementOf, -1);
        _found = new bool[summary.Truth.Boxes.Count];
        for (var i = 0; i < _judged.Count; i++)
        {
            _judgementOf[_judged[i].Row] = i;
            if (_judged[i].Fate == Fate.Hit && IsUsed(_judged[i])) _found[_judged[i].Box] = true;
        }
    }

    /// <summary>The section of the report.</summary>
    public static Finding Of(EvaluationSummary summary) => new WorstDetections(summary).Conclude();

    private Finding Conclude()
    {
        var missed = _summary.Evaluation.Classes.Select(each => MissedOf(each.Index)).ToArray();
        var (objects, misses) = (_summary.Evaluation.Classes.Sum(each => each.Objects), missed.Sum(each => each.Count));
        var alarms = _judged.Where(each => each.Fate == Fate.Wrong).OrderByDescending(each => each.Score).ThenBy(each => each.Row).ToArray();
        var (used, wrong) = (_judged.Count(each => IsUsed(each) && each.Fate != Fate.LeftOut), alarms.Count(IsUsed));
        return new()
        {
            Id = "examples",
            Family = "errors",
            Subject = "worst misses and false alarms",
            Verdict = Verdict.CannotTell,
            Headline = $"{misses:N0} of {Phrases.Count(objects, "object", "objects")} {(misses == 1 ? "is" : "are")} missed and {wrong:N0} of {Phrases.Count(used, "detection", "detections")} {(wrong == 1 ? "is a false alarm" : "are false alarms")}, each class at its own best threshold",
            Meaning = "Look at them first: a sure false alarm is often an object that nobody annotated, and a missed object one that nobody could see.",
            Measures =
            [
                new("missedShare", objects == 0 ? double.NaN : (double)misses / objects, null, null, "objects that no detection finds at IoU 0.50") { Label = "missed", Unit = "%" },
                new("falseAlarmShare", used == 0 ? double.NaN : (double)wrong / used, null, null, "detections that find no object at IoU 0.50") { Label = "false alarms", Unit = "%" },
            ],
            Deciding = "missedShare",
            Figures = _judged.Count == 0 ? [] : [Scores()],
            Tables = [MissTable(missed), AlarmTable(alarms)],
            Examples = [.. Alarms(alarms), .. Misses(missed)],
        };
    }

    private bool IsUsed(JudgedDetection detection) => detection.Score >= _summary.Lrp.Classes[detection.Class].Threshold;

    /// <summary>Objects of a class that no used detection finds.</summary>
    private List<(int Image, int Box)> MissedOf(int k)
    {
        var truths = _summary.Evaluation.Truths;
        var missed = new List<(int, int)>();
        for (var i = truths.First[k]; i < truths.First[k + 1]; i++)
        {
            if (truths.Kinds[i] == TruthKind.Object && !_found[truths.Boxes[i]]) missed.Add((truths.Images[i], truths.Boxes[i]));
        }

        return missed;
    }

    private IEnumerable<Example> Alarms(JudgedDetection[] alarms)
        => alarms.DistinctBy(each => _imageOf[each.Row]).Take(MostInGroup).Select(each => new Example(
            "the surest false alarms: dashed blue is the detection, solid yellow the truth",
            _imageOf[each.Row],
            each.Box,
            $"{Said(each)}: {WhyWrong(each)}")
        { Detections = [PlaceOf(each.Row)] });

    private IEnumerable<Example> Misses(List<(int Image, int Box)>[] missed)
    {
        var rarest = _summary.Evaluation.Classes.Where(each => missed[each.Index].Count > 0).OrderBy(each => each.Objects).Take(MostClasses);
        foreach (var each in rarest)
        {
            var images = missed[each.Index].DistinctBy(place => place.Image).ToArray();
            var count = Math.Min(MostInGroup, images.Length);
            for (var i = 0; i < count; i++)
            {
                var (image, box) = images[(int)((long)i * images.Length / count)];
                var near = NearTo(image, box);
                yield return new(
                    $"missed objects of {each.Name}: solid yellow is the object, dashed blue what was found there instead",
                    image,
                    box,
                    near.Count == 0 ? $"{FileOf(image)}: nothing was found there" : $"{FileOf(image)}: {string.Join(", ", near.Select(Said))} instead")
                { Detections = [.. near.Select(detection => PlaceOf(detection.Row))] };
            }
        }
    }

    /// <summary>Used detections that overlap an object without finding it or another.</summary>
    private List<JudgedDetection> NearTo(int image, int box)
    {
        var (start, end) = _summary.Detections.Of(image);
        return [.. Enumerable.Range(start, end - start).Where(row => _judgementOf[row] >= 0).Select(row => _judged[_judgementOf[row]])
            .Where(each => each.Fate == Fate.Wrong && IsUsed(each) && OverlapOf(each.Row, image, box) >= Near).OrderByDescending(each => each.Score).Take(MostNear)];
    }

    /// <summary>The file of an image, without its folders.</summary>
    private string FileOf(int image) => Path.GetFileName(_summary.Truth.Images.File(image));

    private string Said(JudgedDetection detection) => $"{_summary.Truth.Classes[detection.Class]} {detection.Score:0.00}";

    private string WhyWrong(JudgedDetection detection) => detection.Kind switch
    {
        ErrorKind.Classification => $"it is {_summary.Truth.Classes[_summary.Truth.Boxes.Class(detection.Box)]}",
        ErrorKind.Localization => $"IoU {OverlapOf(detection.Row, _imageOf[detection.Row], detection.Box):0.00} with its object",
        ErrorKind.Both => "it only touches an object",
        ErrorKind.Duplicate => "its object was found already",
        _ => "nothing is annotated there",
    };

    private Corners PlaceOf(int row)
    {
        var table = _summary.Detections;
        return new(table.X[row], table.Y[row], table.X[row] + table.Width[row], table.Y[row] + table.Height[row]);
    }

    private double OverlapOf(int row, int image, int box)
    {
        var (table, place) = (_summary.Detections, ClassTruths.Place(_summary.Truth, image, box));
        return CocoOverlap.Of(table.X[row], table.Y[row], table.Width[row], table.Height[row], place.X, place.Y, place.Width, place.Height, region: false);
    }

    /// <summary>Scores of hits beside those of false alarms: how well a threshold can part them.</summary>
    private HistogramFigure Scores()
    {
        var (low, high) = (Math.Min(0, _judged.Min(each => each.Score)), Math.Max(1, _judged.Max(each => each.Score)));
        var (hits, alarms) = (new double[ScoreBins], new double[ScoreBins]);
        foreach (var each in _judged)
        {
            if (each.Fate == Fate.LeftOut) continue;
            var bin = Math.Clamp((int)((each.Score - low) / (high - low) * ScoreBins), 0, ScoreBins - 1);
            (each.Fate == Fate.Hit ? hits : alarms)[bin]++;
        }

        return new()
        {
            Title = "Scores of hits and of false alarms: where they overlap no threshold parts them",
            XLabel = "score",
            YLabel = "detections",
            Edges = [.. Enumerable.Range(0, ScoreBins + 1).Select(i => low + ((high - low) * i / ScoreBins))],
            Series = [new("hits", hits), new("false alarms", alarms)],
            LogY = Math.Max(hits.Max(), alarms.Max()) > ManyTimes * Math.Max(1, Math.Min(hits.Max(), alarms.Max())),
        };
    }

    private Table MissTable(List<(int Image, int Box)>[] missed) => new(
        "Misses by class",
        ["class", "objects", "missed", "share", "best threshold"],
        [.. _summary.Evaluation.Classes.Where(each => each.Objects > 0).OrderByDescending(each => (double)missed[each.Index].Count / each.Objects).Select(each => (IReadOnlyList<string>)
        [
            each.Name, each.Objects.ToString("N0"), missed[each.Index].Count.ToString("N0"), Phrases.Percent((double)missed[each.Index].Count / each.Objects),
            double.IsNaN(_summary.Lrp.Classes[each.Index].Threshold) ? "–" : _summary.Lrp.Classes[each.Index].Threshold.ToString(EvaluationReport.Digits),
        ])]);

    private Table AlarmTable(JudgedDetection[] alarms) => new(
        "The surest false alarms",
        ["detection", "score", "why it is wrong", "image"],
        [.. alarms.Take(MostListed).Select(each => (IReadOnlyList<string>)
            [_summary.Truth.Classes[each.Class], each.Score.ToString(EvaluationReport.Digits), WhyWrong(each), _summary.Truth.Images.File(_imageOf[each.Row])])]);
}
