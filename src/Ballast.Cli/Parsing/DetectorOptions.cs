using System.CommandLine;

namespace Ballast.Cli;

/// <summary>The options of every command that diagnoses: for which detector, and how.</summary>
internal sealed class DetectorOptions
{
    private readonly ProfileOptions _profile = new("The size images are resized to: 800x1333, 512, or 300x300! for one size");
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

    public DetectorOptions() => _workers.AcceptAtLeast(1);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _profile.AddTo(command);
        foreach (var option in new Option[] { _noAnchors, _baseline, _seed, _workers }) command.Add(option);
    }

    /// <summary>How to diagnose.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="session">What can stop it.</param>
    /// <param name="usual">The detector that is meant when none is named.</param>
    /// <exception cref="InputException">The profile or the baseline cannot be read.</exception>
    public DiagnosisOptions Options(ParseResult parsed, Session session, DetectorProfile? usual = null) => new()
    {
        Profile = _profile.Profile(parsed, usual),
        Anchors = !parsed.GetValue(_noAnchors),
        Baseline = parsed.GetValue(_baseline) is { } path ? DatasetSummary.Load(path) : null,
        Seed = parsed.GetValue(_seed),
        Workers = parsed.GetValue(_workers),
        Cancellation = session.Cancellation,
    };
}
