using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ballast.Cli;

/// <summary>All commands. Only what works is listed.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree for a session.</summary>
    public static RootCommand Build(Session session)
    {
        var root = new RootCommand("Ballast finds what is out of balance in an object-detection data set, says what to do about it, trains a detector with it, and measures what it costs.") { HelpName = "ballast" };
        root.Options.Clear();
        root.Add(HelpFor(session.Terminal.Info));
        root.Add(VersionFor(session));
        root.Add(GlobalOptions.Quiet);
        root.Add(GlobalOptions.Verbose);
        root.Add(DemoCommand.Create(session));
        root.Add(DiagnoseCommand.Create(session));
        root.Add(CheckCommand.Create(session));
        root.Add(EvaluateCommand.Create(session));
        root.Add(CompareCommand.Create(session));
        root.Add(TrainCommand.Create(session));
        root.Add(DetectCommand.Create(session));
        root.Add(RemediesCommand.Create(session));
        root.Add(LossesCommand.Create(session));
        root.Add(ShowCommand.Create(session));
        root.Add(ConvertCommand.Create(session));
        root.Add(CompletionCommand.Create(session));
        return root;
    }

    /// <summary>The command as a person writes it: "ballast diagnose".</summary>
    public static string NameOf(Command command) => command is RootCommand ? "ballast" : $"ballast {command.Name}";

    private static HelpOption HelpFor(TerminalInfo info)
        => new("--help", "-h", "-?") { Description = "Say how the command is used", Action = new HelpWithExamples(info.Width) };

    /// <summary>The program answers a lone --version before anything is loaded; this one makes it known to the help and to completion.</summary>
    private static Option<bool> VersionFor(Session session)
        => new("--version") { Description = "Print the version", Action = new PrintAction(() => session.Terminal.Line($"ballast {ProductVersion.Text}")) };

    private sealed class HelpWithExamples(int width) : SynchronousCommandLineAction
    {
        private readonly HelpAction _help = new() { MaxWidth = width };

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = _help.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            var examples = command is Verb verb ? verb.Examples : command.Subcommands.OfType<Verb>().Select(each => each.Examples[0]);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples) output.WriteLine($"  {example}");
            return code;
        }
    }

    private sealed class PrintAction(Action print) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            print();
            return ExitCode.Done;
        }
    }
}
