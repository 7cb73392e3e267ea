using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Ballast.Benchmarks;

/// <summary>The page of figures: ratios beside peers first, then the bars, then everything that was measured.</summary>
internal sealed class PerformancePage(
    BenchmarkFiles files,
    bool quick,
    Dictionary<string, List<ProcessRun>> runs,
    ProcessRun? python,
    IReadOnlyList<(string Name, double Milliseconds)> geometry,
    IReadOnlyList<(string Name, double Milliseconds)> images)
{
    private readonly StringBuilder _text = new();

    public string Write()
    {
        Line("# Performance");
        Line();
        Line("Written by `dotnet run -c Release --project benchmarks/Ballast.Benchmarks -- performance -o docs/performance.md`; every number on this page was measured by that run.");
        Line("Processor seconds (user and system, all threads, start and compiling included) are the measure of whole commands: they say what the work costs, whatever the number of cores.");
        Line();
        Circumstances();
        Peers();
        Bars();
        Steps();
        return _text.ToString();
    }

    private void Circumstances()
    {
        var loads = runs.Values.SelectMany(list => list).Select(run => run.LoadAverage).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var cores = Environment.ProcessorCount;
        Line($"- **Machine**: {Machine.Processor}, {cores} cores, {Number(Machine.Gigabytes, 0)} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC.");
        Line($"- **Load average while it ran**: {Number(loads.Min(), 1)} to {Number(loads.Max(), 1)}.{(loads.Max() > cores ? $" **The machine was busy with other work** ({cores} cores): processes shared caches, memory and cores with others, so processor seconds are larger than on a quiet machine, and seconds of wall clock far larger. Read the ratios, which a busy machine changes less, and the quietest run." : "")}");
        Line($"- **Files**: made by `generate-coco`, {Size(files.Train)} MB with polygons (train2017's numbers of images and boxes{(quick ? ", a tenth of them" : "")}); {Size(files.Many)} MB with {(quick ? "a million" : "ten million")} boxes. Both lie in the file cache.");
        Line($"- **Runs**: {runs["Load"].Count} of each command, taking turns; the median decides. A process counts as at least as large as the one that started it ({Number(runs["Version"].Min(run => run.PeakMegabytes), 0)} MB), so smaller peaks cannot be told.");
        Line();
    }

    private void Peers()
    {
        Line("## Beside peers");
        Line();
        Line("| Ballast | peer | processor time, Ballast : peer | peak memory |");
        Line("|---|---|---|---|");
        var (load, tokens) = (Median("Load", run => run.Cpu), Median("Tokens", run => run.Cpu));
        var peak = Median("Load", run => run.PeakMegabytes);
        if (python is not null)
            Line($"| load the COCO file: {Number(load)} s, {Number(peak, 0)} MB | Python's `json.load`: {Number(python.Cpu)} s, {Number(python.PeakMegabytes, 0)} MB (nothing converted yet) | **1 : {Number(python.Cpu / load, 1)}** | 1 : {Number(python.PeakMegabytes / peak, 0)} |");
        Line($"| the same | `Utf8JsonReader`, all tokens, nothing kept: {Number(tokens)} s | **1 : {Number(tokens / load, 1)}** | |");
        Line($"| match anchors on the grid's windows: {Number(geometry[1].Milliseconds * 1000, 0)} µs an image | every anchor with every box, in vectors: {Number(geometry[0].Milliseconds * 1000, 0)} µs | **1 : {Number(geometry[0].Milliseconds / geometry[1].Milliseconds, 0)}** | |");
        Line();
    }

    private void Bars()
    {
        var load = Median("Load", run => run.Cpu);
        Figure[] bars =
        [
            Of("load, cold", "CPU s", "Load", run => run.Cpu, 0.8),
            Of("load, memory beyond the data", "MB", "Load", PerformanceRunner.Beyond, 80),
            Of("`diagnose --no-anchors`, beside the load", "CPU s", "WithoutAnchors", run => run.Cpu - load, 2),
            Of("`diagnose` with RetinaNet's anchors on all images, in all", "CPU s", "WithAnchors", run => run.Cpu, 12),
            Of("the same, peak memory", "MB", "WithAnchors", run => run.PeakMegabytes, 400),
            Of($"{(quick ? "a million" : "ten million")} boxes, `diagnose --no-anchors`", "CPU s", "Many", run => run.Cpu, 20),
            Of("the same, peak memory", "MB", "Many", run => run.PeakMegabytes, 1500),
            Of("`ballast --version`", "s wall", "Launcher", run => run.Wall, 0.35),
            new("the launcher's own time", "s wall", [.. runs["Launcher"].Zip(runs["Version"], (with, without) => with.Wall - without.Wall)], 0.3),
        ];
        Line("## What was asked for");
        Line();
        if (quick) Line("These are the quick run's files, a tenth of what the bars are meant for.\n");
        Line("| what | at most | median | quietest run | |");
        Line("|---|---|---|---|---|");
        foreach (var bar in bars)
            Line($"| {bar.Name} | {Number(bar.Bar, bar.Bar < 20 ? 2 : 0)} {bar.Unit} | {Number(bar.Median, bar.Bar < 50 ? 2 : 0)} | {Number(bar.Least, bar.Bar < 50 ? 2 : 0)} | {bar.Verdict} |");
        Line();
        Line("## Commands");
        Line();
        Line("| command | CPU s, each run | wall s | peak MB | load average |");
        Line("|---|---|---|---|---|");
        foreach (var (name, list) in runs) Line($"| {Names[name]} | {Each(list, run => run.Cpu, 2)} | {Each(list, run => run.Wall, 2)} | {Each(list, run => run.PeakMegabytes, 0)} | {Each(list, run => run.LoadAverage, 1)} |");
        Line();
    }

    private static Dictionary<string, string> Names { get; } = new()
    {
        ["Version"] = "`dotnet Ballast.Cli.dll --version`",
        ["Launcher"] = "`./ballast --version`",
        ["Tokens"] = "`Utf8JsonReader`, all tokens of the large file",
        ["Load"] = "load the large file",
        ["WithoutAnchors"] = "`diagnose FILE --no-anchors --json`",
        ["WithAnchors"] = "`diagnose FILE --json`",
        ["Many"] = "`diagnose --no-anchors --json`, the file of many boxes",
    };

    private void Steps()
    {
        Line("## Steps");
        Line();
        Line("| step | CPU ms |");
        Line("|---|---|");
        foreach (var (name, milliseconds) in geometry.Concat(images)) Line($"| {name} | {Number(milliseconds, milliseconds < 1 ? 3 : 2)} |");
    }

    private Figure Of(string name, string unit, string command, Func<ProcessRun, double> value, double bar) => new(name, unit, [.. runs[command].Select(value)], bar);

    private double Median(string command, Func<ProcessRun, double> value) => Of("", "", command, value, double.NaN).Median;

    private static string Each(List<ProcessRun> list, Func<ProcessRun, double> value, int digits) => string.Join(", ", list.Select(run => Number(value(run), digits)));

    private static string Size(string file) => Number(new FileInfo(file).Length / 1e6, 0);

    private static string Number(double value, int digits = 2) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private void Line(string text = "") => _text.Append(text).Append('\n');
}
