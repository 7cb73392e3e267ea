using System.CommandLine;

namespace Ballast.Cli;

/// <summary><c>ballast check DATA</c>: holds a data set to rules, for CI: exit code 1 with a line for each rule that fails.</summary>
internal static class CheckCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var data = new DataOptions();
        var detector = new DetectorOptions();
        var rules = new GateOptions();
        var flaws = new Option<bool>("--flaws") { Description = "List every flaw of the input" };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON" };
        var command = new Verb("check", "Hold a data set to rules: exit code 1 and a line for each that fails")
        {
            Examples =
            [
                "ballast check data.yaml --max-ratio 50 --min-evenness 0.7 --no-leak",
                "ballast check train.json --policy policy.json --baseline last-release.json",
                "ballast check train.json --rule 'class *: boxes >= 50' --rule 'class Platelets: matched >= 80 %'",
                "ballast check train.json --flaws",
            ],
        };
        data.AddTo(command);
        rules.AddTo(command);
        detector.AddTo(command);
        command.Add(flaws);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(flaws) && !rules.IsAnyGiven(result))
                result.AddError("there is nothing to check: give rules such as --max-ratio 50, a --policy FILE, or --flaws.");
        });
        command.SetAction(parsed =>
        {
            var policy = rules.Policy(parsed);
            var options = detector.Options(parsed, session);
            options = options with { Anchors = options.Anchors && policy.NeedsAnchors };
            var dataset = data.LoadChecked(parsed, session)[0];
            var result = policy.Rules.Count == 0 ? null : policy.Check(DiagnosisRun.Of([dataset], options, session));
            var view = new GateView(session.Terminal, dataset, result, parsed.GetValue(flaws));
            if (parsed.GetValue(json)) session.Terminal.Json(view.WriteJson);
            else view.Write();
            return result is null or { Passed: true } ? ExitCode.Done : ExitCode.GateFailed;
        });
        return command;
    }
}
