using System.Text;
using Ballast.Cli;

// The version is asked for by scripts, often: nothing else is loaded for it.
if (args is ["--version"])
{
    Console.WriteLine($"ballast {ProductVersion.Text}");
    return ExitCode.Done;
}

using var interruption = new Interruption();
var info = TerminalInfo.Detect();
var encoding = OperatingSystem.IsWindows() && !Console.IsOutputRedirected ? Console.OutputEncoding : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var error = new StreamWriter(Console.OpenStandardError(), encoding, 256) { AutoFlush = true };
using var output = new StreamWriter(Console.OpenStandardOutput(), encoding, 1 << 14);
return BallastCli.Run(args, output, error, info, interruption.Allow, interruption.Token);
