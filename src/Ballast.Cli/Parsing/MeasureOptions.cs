using System.CommandLine;
using System.Globalization;

namespace Ballast.Cli;

/// <summary>How detections are measured: thresholds, area ranges, limits, the detector whose levels are meant, and the bootstrap.</summary>
internal sealed class MeasureOptions
{
    private readonly Option<string?> _iou = new("--iou") { Description = "IoU thresholds; COCO's 0.5, 0.55 ... 0.95 when left out", HelpName = "0.5,0.75" };
    private readonly Option<string?> _areas = new("--areas") { Description = "Area ranges by side in pixels; COCO's when left out", HelpName = "tiny=0-16,small=16-32" };
    private readonly Option<string?> _limits = new("--limits") { Description = "Detections an image and class may give; 1,10,100 when left out", HelpName = "1,10,100" };
    private readonly Option<string?> _train = new("--train") { Description = "What the detector learned from: its numbers of images decide which classes are rare", HelpName = "DATA" };
    private readonly ProfileOptions _profile = new("Measure areas after the resize to this size: 800x1333, 512, or 300x300! for one size");
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the bootstrap", HelpName = "N" };
    private readonly Option<int> _replicates;

    /// <param name="mayBeZero">Whether 0 replicates, no intervals, make sense.</param>
    public MeasureOptions(bool mayBeZero)
    {
        var zero = mayBeZero ? ", or 0 for no intervals" : "";
        _replicates = new("--replicates") { Description = $"How often images are drawn again: 100 or more{zero}", HelpName = "N", DefaultValueFactory = _ => EvaluationIntervals.DefaultReplicates };
        _replicates.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 100 && !(mayBeZero && value == 0))
                result.AddError($"--replicates is {value}; it must be at least 100{zero}.");
        });
        _iou.AcceptParsed(text => _ = new EvaluationOptions { IoUThresholds = Thresholds(text) });
        _areas.AcceptParsed(text => _ = new EvaluationOptions { AreaRanges = Areas(text) });
        _limits.AcceptParsed(text => _ = new EvaluationOptions { DetectionLimits = Limits(text) });
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _iou, _areas, _limits, _train }) command.Add(option);
        _profile.AddTo(command);
        command.Add(_seed);
        command.Add(_replicates);
    }

    /// <summary>Seed of the draws.</summary>
    public int Seed(ParseResult parsed) => parsed.GetValue(_seed);

    /// <summary>Number of draws.</summary>
    public int Replicates(ParseResult parsed) => parsed.GetValue(_replicates);

    /// <summary>The detector whose levels are meant.</summary>
    public DetectorProfile Profile(ParseResult parsed) => _profile.Profile(parsed);

    /// <summary>What the detector learned from, or null.</summary>
    public DetectionDataset? Training(ParseResult parsed, Session session)
        => parsed.GetValue(_train) is { } path ? DataOptions.Load(path, new LoadOptions { Cancellation = session.Cancellation }, session) : null;

    /// <summary>How to measure.</summary>
    public EvaluationOptions Evaluation(ParseResult parsed)
    {
        var options = new EvaluationOptions { AreaInput = _profile.HasInputSide(parsed) ? _profile.Profile(parsed).Input : null };
        if (parsed.GetValue(_iou) is { } iou) options = options with { IoUThresholds = Thresholds(iou) };
        if (parsed.GetValue(_areas) is { } areas) options = options with { AreaRanges = Areas(areas) };
        if (parsed.GetValue(_limits) is { } limits) options = options with { DetectionLimits = Limits(limits) };
        return options;
    }

    private static Values<double> Thresholds(string text) => [.. text.Split(',').Select(word => Number(word, text, "IoU thresholds, such as 0.5,0.75"))];

    private static Values<int> Limits(string text)
        => [.. text.Split(',').Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : throw No(word, text, "detection limits, such as 1,10,100"))];

    /// <summary>The headline range is of all areas; those named follow, their ends as squares of sides.</summary>
    private static Values<AreaRange> Areas(string text)
    {
        const string form = "area ranges by side in pixels, such as tiny=0-16,small=16-32,large=32-";
        var all = new EvaluationOptions().AreaRanges[0];
        return [all, .. text.Split(',').Select(Range)];

        AreaRange Range(string word)
        {
            if (word.Split('=') is not [{ Length: > 0 } name, var sides] || sides.Split('-') is not [var from, var to]) throw No(word, text, form);
            var (low, high) = (Number(from, text, form), to.Length == 0 ? Math.Sqrt(all.High) : Number(to, text, form));
            return low >= 0 && low <= high ? new(name, low * low, high * high) : throw No(word, text, form);
        }
    }

    private static double Number(string word, string text, string form)
        => double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw No(word, text, form);

    private static InputException No(string word, string text, string form) => new($"'{word}' in '{text}' does not fit: write {form}.");
}
