using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>
/// Times the operators beside torchvision's on the same shapes, with as many threads. Both take turns for some rounds, and the least of all times counts: on a
/// busy machine it is what came nearest to having the machine to itself.
/// </summary>
internal static class OperatorBenchmark
{
    private const int Repeats = 5;

    private static readonly (string Name, string Peer, string What, double Bar)[] Rows =
    [
        ("roi-align forward", "roi-align forward", "RoIAlign, 512 RoIs x 256 x 7 x 7 from 4 levels: forward", 20),
        ("roi-align both", "roi-align both", "the same, forward and backward", 7),
        ("roi-align forward, NCHW", "roi-align forward", "forward, from maps in NCHW order", double.NaN),
        ("roi-align both, NCHW", "roi-align both", "forward and backward, from maps in NCHW order", double.NaN),
        ("deformable forward", "deformable forward", "modulated deformable convolution 3x3, 2 x 256 x 64 x 64: forward", 3.5),
        ("deformable both", "deformable both", "the same, forward and backward", 8),
        ("product", "product", "the product of matrices alone that its forward pass cannot do without, 8,192 x 2,304 by 2,304 x 256", double.NaN),
        ("suppression", "suppression", "suppress 10,000 boxes at IoU 0.5", 20),
    ];

    public static int Run(string[] options)
    {
        var (rounds, threads, python, output) = (3, 2, "python3", "");
        for (var i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--rounds": rounds = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--threads": threads = int.Parse(options[++i], CultureInfo.InvariantCulture); break;
                case "--python": python = options[++i]; break;
                case "-o": output = options[++i]; break;
                default: throw new ArgumentException($"Unknown option '{options[i]}'.");
            }
        }

        var (ours, peer) = (new Dictionary<string, Time>(), new Dictionary<string, Time>());
        var peerName = "";
        set_num_threads(threads);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, time) in Measure()) Keep(ours, name, time);
            peerName = Peer(python, threads, peer) ?? peerName;
        }

        var section = Section(ours, peer, peerName, rounds, threads);
        Console.Write(section);
        if (output.Length > 0) PageSection.Replace(output, "operators", section);
        return 0;
    }

    private static IEnumerable<(string Name, Time Time)> Measure()
    {
        foreach (var last in (bool[])[true, false])
        {
            using var scope = NewDisposeScope();
            var (features, rois) = (OperatorInputs.Features(last), OperatorInputs.Regions());
            var pool = new MultiScaleRoIAlignOptions().Build(OperatorInputs.Levels);
            var order = last ? "" : ", NCHW";
            yield return ($"roi-align forward{order}", Forward(() => pool.Extract(features, rois)[0]));
            yield return ($"roi-align both{order}", Both(features, () => pool.Extract(features, rois)[0]));
        }

        using (NewDisposeScope())
        {
            var input = OperatorInputs.Learned(randn(2, 256, 64, 64), channelsLast: true);
            Tensor Of(params long[] shape) => randn(shape, requires_grad: true);
            var (offset, mask, weight, bias) = (Of(2, 18, 64, 64), Of(2, 9, 64, 64), Of(256, 256, 3, 3), Of(256));
            var grid = new DeformableGrid { Padding = (1, 1) };
            yield return ("deformable forward", Forward(() => DeformableConvolution.Apply(input, offset, weight, bias, mask, grid)));
            Tensor[] learned = [input, offset, weight, bias, mask];
            yield return ("deformable both", Both(learned, () => DeformableConvolution.Apply(input, offset, weight, bias, mask, grid)));
        }

        using (NewDisposeScope())
        {
            var (columns, matrix) = (randn(2 * 64 * 64, 9 * 256), randn(9 * 256, 256));
            yield return ("product", Forward(() => columns.mm(matrix)));
        }

        var (boxes, keep) = (new BoxArray(OperatorInputs.Boxes), new List<int>());
        foreach (var box in OperatorInputs.Spread(OperatorInputs.Boxes, 16, 300)) boxes.Add(box);
        float[] scores = [.. Enumerable.Range(0, OperatorInputs.Boxes).Select(i => (float)OperatorInputs.Uniform(i, 4))];
        yield return ("suppression", Least(() =>
        {
            keep.Clear();
            NonMaximumSuppression.Greedy(boxes, scores, 0.5f, keep);
        }));
    }

    private static Time Forward(Func<Tensor> action) => Least(() =>
    {
        using var scope = NewDisposeScope();
        using var gradless = no_grad();
        action();
    });

    private static Time Both(Tensor[] learned, Func<Tensor> action) => Least(() =>
    {
        using var scope = NewDisposeScope();
        foreach (var tensor in learned) tensor.grad = null;
        var output = action();
        output.backward([ones_like(output)]);
    });

    private static Time Least(Action action)
    {
        var least = Time.Endless;
        for (var i = 0; i <= Repeats; i++)
        {
            var (start, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            action();
            least = least.Min(new(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds));
        }

        return least;
    }

    /// <summary>Runs torchvision once; null where it is not installed.</summary>
    private static string? Peer(string python, int threads, Dictionary<string, Time> times)
    {
        try
        {
            var script = Path.Combine(PerformanceRunner.RootOf(AppContext.BaseDirectory), "benchmarks", "peers", "torchvision_operators.py");
            var lines = ProcessRun.Of(python, script, $"{Repeats}", $"{threads}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines.Skip(1).Select(line => line.Split('\t'))) Keep(times, line[0], new(double.Parse(line[1]), double.Parse(line[2])));
            return lines[0];
        }
        catch (InvalidOperationException)
        {
            Console.Error.WriteLine($"no figures of torchvision: '{python} -c \"import torchvision\"' fails. Install it (Debian: python3-torchvision), or "
                + "name another --python.");
            return null;
        }
    }

    private static void Keep(Dictionary<string, Time> times, string name, Time time)
        => times[name] = times.TryGetValue(name, out var least) ? least.Min(time) : time;

    private static string Section(Dictionary<string, Time> ours, Dictionary<string, Time> peer, string peerName, int rounds, int threads)
    {
        var text = new StringBuilder("## Operators\n\n");
        var vectors = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
        text.Append($"Written by `dotnet run -c Release --project benchmarks/Ballast.Benchmarks -- operators -o docs/performance.md`: {Machine.Processor}, {Environment.ProcessorCount} cores, vectors of {vectors} bits; ");
        text.Append($"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {Machine.Load():F1} at its end. Single precision, {threads} threads each{(peerName.Length > 0 ? $"; beside it {peerName}" : "")}. ");
        text.Append($"Milliseconds of wall clock and, after the slash, of processors: the least of {rounds} rounds of {Repeats + 1}, in which the two took turns.\n\n");
        text.Append("| operator | Ballast, ms | torchvision, ms | ratio, wall clock | ratio, processors | asked for | |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in Rows) text.Append(Line(row, ours[row.Name], peer.TryGetValue(row.Peer, out var theirs) ? theirs : null));
        return text.ToString();
    }

    private static string Line((string Name, string Peer, string What, double Bar) row, Time mine, Time? theirs)
    {
        var asked = double.IsNaN(row.Bar) ? "" : $"1 : {row.Bar:0.#}";
        if (theirs is not { } peer) return $"| {row.What} | {mine} | not installed | | | {asked} | |\n";
        var verdict = double.IsNaN(row.Bar) ? "" : peer.Wall / mine.Wall >= row.Bar ? "met" : "**not met**";
        return $"| {row.What} | {mine} | {peer} | **1 : {peer.Wall / mine.Wall:F1}** | 1 : {peer.Cpu / mine.Cpu:F1} | {asked} | {verdict} |\n";
    }

    /// <summary>Milliseconds of the clock and of all processors.</summary>
    private readonly record struct Time(double Wall, double Cpu)
    {
        public static Time Endless { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

        public Time Min(Time other) => new(Math.Min(Wall, other.Wall), Math.Min(Cpu, other.Cpu));

        public override string ToString() => $"{Wall:F1} / {Cpu:F1}";
    }
}
