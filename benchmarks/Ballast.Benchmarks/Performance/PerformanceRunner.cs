using System.Globalization;
using System.Text.RegularExpressions;

namespace Ballast.Benchmarks;

/// <summary>
/// Runs whole commands as processes and hot paths in this one, and writes what they took as a page. The commands take turns, so that a busy minute of the machine falls on
/// all of them. Linux only: the kernel's own numbers of a process are asked for.
/// </summary>
internal sealed partial class PerformanceRunner(BenchmarkFiles files, int runs, string root)
{
    private readonly string _program = Path.Combine(root, "artifacts", "bin", "Ballast.Cli", "release", "Ballast.Cli.dll");
    private readonly string _benchmarks = typeof(PerformanceRunner).Assembly.Location;

    public static int Run(string[] options)
    {
        var (quick, rounds, output) = (false, 0, "");
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--quick": quick = true; break;
                case "--rounds": rounds = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "-o": output = options[++i]; break;
                default: throw new ArgumentException($"Unknown option '{options[i]}'.");
            }
        }

        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess) throw new PlatformNotSupportedException("Figures are taken on 64-bit Linux, where the kernel tells what a process took.");
        var root = RootOf(AppContext.BaseDirectory);
        var page = new PerformanceRunner(BenchmarkFiles.Prepare(quick), rounds > 0 ? rounds : quick ? 1 : 3, root).Measure(quick).Write();
        if (output.Length == 0) Console.Write(page);
        else File.WriteAllText(output, page + PageSection.AllOf(output));
        return 0;
    }

    internal static string RootOf(string folder)
    {
        var place = new DirectoryInfo(folder);
        while (place is not null && !File.Exists(Path.Combine(place.FullName, "Ballast.slnx"))) place = place.Parent;
        return place?.FullName ?? throw new InvalidOperationException($"'{folder}' does not lie in Ballast's repository.");
    }

    private PerformancePage Measure(bool quick)
    {
        if (!File.Exists(_program)) throw new InvalidOperationException($"There is no {_program}: run ./ballast --version once, so that the program is built.");
        var program = new string[] { "dotnet", _program };
        Commands commands = new()
        {
            Version = [.. program, "--version"],
            Launcher = [Path.Combine(root, "ballast"), "--version"],
            Tokens = ["dotnet", _benchmarks, "tokens", files.Train],
            Load = ["dotnet", _benchmarks, "load-once", files.Train],
            WithoutAnchors = [.. program, "diagnose", files.Train, "--no-anchors", "--json", "--quiet"],
            WithAnchors = [.. program, "diagnose", files.Train, "--json", "--quiet"],
            Many = [.. program, "diagnose", files.Many, "--no-anchors", "--json", "--quiet"],
        };
        ProcessRun.Of(commands.Launcher);
        var results = new Dictionary<string, List<ProcessRun>>();
        for (var run = 0; run < runs; run++)
        {
            foreach (var (name, command) in commands.All)
            {
                var result = ProcessRun.Of(command);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {result.Cpu:F2} CPU s, {result.Wall:F2} s wall, {result.PeakMegabytes:F0} MB, load {result.LoadAverage:F1}"));
                if (!results.TryGetValue(name, out var list)) results.Add(name, list = []);
                list.Add(result);
            }
        }

        var python = Python();
        return new PerformancePage(files, quick, results, python, [.. GeometryBenchmark.Measure(DetectionDataset.Load(files.Train)), .. SamplingBenchmark.Measure()], [.. ImageBenchmark.Measure()]);
    }

    /// <summary>Python's json over the same file, once; null where there is no Python, or not enough memory for it.</summary>
    private ProcessRun? Python()
    {
        try
        {
            return ProcessRun.Of("python3", "-c", $"import json; print(len(json.load(open('{files.Train}'))['annotations']))");
        }
        catch (InvalidOperationException e)
        {
            Console.Error.WriteLine($"no figures of Python: {e.Message}");
            return null;
        }
    }

    /// <summary>Megabytes the process of a load took beyond the data it holds, from what it printed.</summary>
    internal static double Beyond(ProcessRun load) => double.Parse(BeyondPattern().Match(load.Output).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([0-9.]+) MB beyond the data")]
    private static partial Regex BeyondPattern();

    private sealed record Commands
    {
        public required string[] Version { get; init; }

        public required string[] Launcher { get; init; }

        public required string[] Tokens { get; init; }

        public required string[] Load { get; init; }

        public required string[] WithoutAnchors { get; init; }

        public required string[] WithAnchors { get; init; }

        public required string[] Many { get; init; }

        public IEnumerable<(string Name, string[] Command)> All =>
        [
            (nameof(Version), Version), (nameof(Launcher), Launcher), (nameof(Tokens), Tokens), (nameof(Load), Load),
            (nameof(WithoutAnchors), WithoutAnchors), (nameof(WithAnchors), WithAnchors), (nameof(Many), Many),
        ];
    }
}
