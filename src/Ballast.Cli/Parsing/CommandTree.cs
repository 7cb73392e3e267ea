using System.CommandLine;
using System.CommandLine.Help;

namespace Ballast.Cli;

/// <summary>All commands. Only what works is listed.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree for a session.</summary>
    public static RootCommand Build(Session session)
    {
        var root = new RootCommand("Ballast finds what is out of balance in an object-detection data set, and says what to do about it.") { HelpName = "ballast" };
        root.Options.Clear();
        root.Add(HelpFor(session.Terminal.Info));
        root.Add(VersionFor(session));
        root.Add(GlobalOptions.Quiet);
        root.Add(GlobalOptions.Verbose);
        root.Add(DiagnoseCommand.Create(session));
        root.Add(CheckCommand.Create(session));
        root.Add(CompletionCommand.Create(session));
        return root;
    }

    /// <summary>The command as a person writes it: "ballast diagnose".</summary>
    public static string NameOf(Command command) => command is RootCommand ? "ballast" : $"ballast {command.Name}";

    private static HelpOption HelpFor(TerminalInfo info)
    {
        var builder = new HelpBuilder(info.Width);
        builder.CustomizeLayout(_ => HelpBuilder.Default.GetLayout().Append(WriteExamples));
        return new("--help", "-h", "-?") { Description = "Say how the command is used", Recursive = true, Action = new HelpAction { Builder = builder } };
    }

    /// <summary>The program answers a lone --version before anything is loaded; this one makes it known to the help and to completion.</summary>
    private static Option<bool> VersionFor(Session session)
        => new("--version") { Description = "Print the version", Action = new PrintAction(() => session.Terminal.Line($"ballast {ProductVersion.Text}")) };

    private static bool WriteExamples(HelpContext context)
    {
        var examples = context.Command is Verb verb ? verb.Examples : context.Command.Subcommands.OfType<Verb>().Select(each => each.Examples[0]);
        context.Output.WriteLine("Examples:");
        foreach (var example in examples) context.Output.WriteLine($"  {example}");
        return true;
    }

    private sealed class PrintAction(Action print) : System.CommandLine.Invocation.SynchronousCommandLineAction
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
