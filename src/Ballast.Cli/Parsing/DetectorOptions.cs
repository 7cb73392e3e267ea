using System.CommandLine;

namespace Ballast.Cli;

/// <summary>The options of every command that diagnoses: for which detector, and how.</summary>
internal sealed class DetectorOptions
{
    private static readonly Dictionary<string, DetectorProfile> Profiles = new()
    {
        ["retinanet"] = DetectorProfile.RetinaNet,
        ["faster-rcnn"] = DetectorProfile.FasterRCNN,
        ["ssd"] = DetectorProfile.Ssd,
    };

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "The detector: retinanet (default), faster-rcnn, ssd, or a file of a profile",
        HelpName = "NAME|FILE",
    };
    private readonly Option<string?> _inputSide = new("--input-side")
    {
        Description = "The size images are resized to: 800x1333, 512, or 300x300! for one size",
        HelpName = "SIZE",
    };
    private readonly Option<bool> _noAnchors = new("--no-anchors") { Description = "Leave out what needs anchors; faster" };
    private readonly Option<string?> _baseline = new("--baseline") { Description = "A summary of --save, to report what drifted since", HelpName = "S.json" };
    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of the bootstrap",
        HelpName = "N",
        DefaultValueFactory = _ => new DiagnosisOptions().Seed,
    };
    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Number of threads; the result does not depend on it",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public DetectorOptions()
    {
        _profile.CompletionSources.Add([.. Profiles.Keys]);
        _profile.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Profiles.ContainsKey(token.Value) && !File.Exists(token.Value))
                result.AddError($"'{token.Value}' is no detector profile ({string.Join(", ", Profiles.Keys)}) and no file.{NearestWord.Hint(token.Value, Profiles.Keys)}");
        });
        _inputSide.AcceptParsed(text => InputSize.Parse(text));
        _workers.AcceptAtLeast(1);
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _profile, _inputSide, _noAnchors, _baseline, _seed, _workers }) command.Add(option);
    }

    /// <summary>How to diagnose.</summary>
    /// <exception cref="InputException">The profile or the baseline cannot be read.</exception>
    public DiagnosisOptions Options(ParseResult parsed, Session session) => new()
    {
        Profile = Profile(parsed),
        Anchors = !parsed.GetValue(_noAnchors),
        Baseline = parsed.GetValue(_baseline) is { } path ? DatasetSummary.Load(path) : null,
        Seed = parsed.GetValue(_seed),
        Workers = parsed.GetValue(_workers),
        Cancellation = session.Cancellation,
    };

    private DetectorProfile Profile(ParseResult parsed)
    {
        var name = parsed.GetValue(_profile) ?? "retinanet";
        var profile = Profiles.TryGetValue(name, out var known) ? known : DetectorProfile.Load(name);
        return parsed.GetValue(_inputSide) is { } side ? profile with { Input = InputSize.Parse(side) with { Divisor = profile.Input.Divisor } } : profile;
    }
}
