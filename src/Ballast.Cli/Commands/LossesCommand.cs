using System.CommandLine;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast losses [--loss KIND]</c>: how box losses behave, measured: values and gradients by IoU, size and offset; figure 11 as a page.</summary>
internal static class LossesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var loss = new Option<string[]>("--loss") { Description = "Only these: a kind such as giou, or a recipe such as '{ \"type\": \"alpha-iou\", \"alpha\": 2 }'", HelpName = "KIND" };
        loss.CompletionSources.Add(_ => Kinds().Select(kind => new System.CommandLine.Completions.CompletionItem(kind)));
        loss.AcceptParsed(text => BoxLossKinds.Read(text));
        var output = new Option<string?>("--output", "-o") { Description = "Write the figures as a page", HelpName = "figure.html" };
        var json = new Option<bool>("--json") { Description = "Print what was measured as JSON" };
        var command = new Verb("losses", "Measure how box losses behave: by IoU, by size, by offset")
        {
            Examples = ["ballast losses -o losses.html", "ballast losses --loss giou", "ballast losses --loss l1 --loss '{ \"type\": \"iou\", \"form\": \"linear\" }' --json"],
        };
        command.Add(loss);
        command.Add(output);
        command.Add(json);
        command.SetAction(parsed => Run(parsed.GetValue(loss), parsed.GetValue(output), parsed.GetValue(json), session));
        return command;
    }

    private static IReadOnlyList<string> Kinds() => BoxLossKinds.All;

    private static void Run(string[]? asked, string? output, bool json, Session session)
    {
        BoxLossBehavior[] losses;
        using (session.Terminal.Progress("measuring losses"))
        {
            losses = [.. (asked is { Length: > 0 } ? asked : BoxLossKinds.All).Distinct(StringComparer.Ordinal).Select(name =>
            {
                session.Cancellation.ThrowIfCancellationRequested();
                return BoxLossBehavior.Of(name, BoxLossKinds.Read(name));
            })];
        }

        var page = ReportFile.Write((file, _) => BoxLossReport.Save(losses, file), output, byDefault: false, session);
        if (json) session.Terminal.Json(stream => LossesView.WriteJson(stream, losses));
        else new LossesView(session.Terminal).Write(losses, page, each: asked is { Length: > 0 });
    }
}
