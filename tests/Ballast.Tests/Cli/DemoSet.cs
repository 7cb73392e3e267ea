namespace Ballast.Tests.Cli;

/// <summary>The demo, run once for all tests of a class; it is the one data set here that has pixels.</summary>
public sealed class DemoSet : IDisposable
{
    private readonly string _above = Directory.CreateTempSubdirectory("ballast-demo-").FullName;

    public DemoSet() => Run = CliRun.Of("demo", "-o", Beside("demo"), "--count", "6", "--seed", "3");

    internal CliRun Run { get; }

    public string Data => Path.Combine(Beside("demo"), "shapes");

    public string Beside(string name) => Path.Combine(_above, name);

    public void Dispose() => Directory.Delete(_above, recursive: true);
}
