using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ballast.Benchmarks;

internal static class Phases
{
    public static int Run(string file)
    {
        for (var round = 0; round < 3; round++)
        {
            for (var level = 0; level <= 6; level++) { var l = level; Time("level " + l, () => Walk(file, l)); }
            Time("load", () => { using var tree = FileTree.OpenTree(file); new CocoFormat().Read(tree, Path.GetFileName(file), file, new()); });
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Walk(string file, int level)
    {
        using var s = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var scanner = new JsonScanner(s, file);
        var numbering = new IdNumbering();
        var classes = new IdNumbering();
        var strings = new List<string>();
        Span<double> box = stackalloc double[4];
        scanner.EnterObject();
        while (scanner.NextProperty(out _))
        {
            if (scanner.Peek() != JsonKind.Array) { scanner.Skip(); continue; }
            scanner.EnterArray();
            while (scanner.NextElement())
            {
                scanner.EnterObject();
                while (scanner.NextProperty(out var n))
                {
                    if (level >= 1 && n.SequenceEqual("bbox"u8)) { if (!scanner.TryReadDoubles(box)) scanner.Skip(); }
                    else if (level >= 2 && n.SequenceEqual("iscrowd"u8)) scanner.TryReadInt64(out _);
                    else if (level >= 3 && n.SequenceEqual("id"u8)) scanner.TryReadInt64(out _);
                    else if (level >= 4 && n.SequenceEqual("image_id"u8)) { scanner.TryReadInt64(out var id); numbering.Of(id); }
                    else if (level >= 4 && n.SequenceEqual("category_id"u8)) { scanner.TryReadInt64(out var id); classes.Of(id); }
                    else if (level >= 5 && n.SequenceEqual("area"u8)) scanner.ReadDouble();
                    else if (level >= 6 && n.SequenceEqual("file_name"u8)) strings.Add(scanner.ReadString());
                    else scanner.Skip();
                }
            }
        }
    }

    private static void Time(string name, Action action)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        action();
        Console.WriteLine($"{name} {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds:F0} ms");
    }
}
