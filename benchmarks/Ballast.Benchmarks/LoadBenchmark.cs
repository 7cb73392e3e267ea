using System.Diagnostics;
using System.Globalization;

namespace Ballast.Benchmarks;

/// <summary>Loads a COCO file and prints what it took: cold (with compiling), then warm.</summary>
internal static class LoadBenchmark
{
    public static int Run(string file, bool held)
    {
        var format = new CocoFormat();
        var before = GC.GetTotalMemory(forceFullCollection: false);
        var dataset = Load(format, file, "cold");
        var peak = ProcessMemory.PeakMegabytes();
        Console.WriteLine($"{dataset.Images.Count} images, {dataset.Boxes.Count} boxes, {dataset.Classes.Count} classes, {dataset.Flaws.Count} flaws");
        var data = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"peak {peak:F1} MB resident, {data:F1} MB of data held: {peak - data:F1} MB beyond the data (the process itself included)"));
        GC.KeepAlive(dataset);
        if (held) Load(format, file, "warm");
        return 0;
    }

    private static DetectionDataset Load(CocoFormat format, string file, string label)
    {
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        using var tree = FileTree.OpenTree(file);
        var dataset = format.Read(tree, Path.GetFileName(file), file, new());
        var spent = Process.GetCurrentProcess().TotalProcessorTime - (label == "cold" ? TimeSpan.Zero : cpu);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{label}: {spent.TotalSeconds:F2} CPU s{(label == "cold" ? " since the process began" : "")}, {clock.Elapsed.TotalSeconds:F2} s wall, {new FileInfo(file).Length / 1e6:F1} MB read"));
        return dataset;
    }
}
