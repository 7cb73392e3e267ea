using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>
/// Times the losses, forward and backward: focal loss at RetinaNet's size beside torchvision's, in processes that take turns, so that each one's peak of memory
/// is its own; then every loss with defaults on 20,000 candidates. The least of all times counts.
/// </summary>
internal static class LossBenchmark
{
    private const int Repeats = 3;
    private const int Rows = 200_000;
    private const int FewRows = 20_000;
    private const int Classes = 80;
    private const int EveryObject = 100;
    private const double Asked = 2;

    public static int Run(string[] options)
    {
        var (rounds, threads, python, output) = (3, 2, "", "");
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

        var (ours, composite, peer) = (Cost.Endless, Cost.Endless, Cost.Endless);
        string? peerName = null;
        string[] pythons = python.Length > 0 ? [python] : ["python3", "/usr/bin/python3"];
        for (var round = 0; round < rounds; round++)
        {
            ours = ours.Min(Child("focal", threads));
            composite = composite.Min(Child("focal-tensors", threads));
            if (Peer(pythons, threads) is not var (name, cost)) continue;
            (peerName, peer) = (name, peer.Min(cost));
        }

        set_num_threads(threads);
        var section = Section(ours, composite, peerName is null ? null : (peerName, peer), [.. Every()], rounds, threads);
        Console.Write(section);
        if (output.Length > 0) PageSection.Replace(output, "losses", section);
        return 0;
    }

    /// <summary>The part that runs in a process of its own: focal loss at full size; prints milliseconds and megabytes.</summary>
    public static int RunFocal(string[] options)
    {
        set_num_threads(int.Parse(options[1], CultureInfo.InvariantCulture));
        using var scope = NewDisposeScope();
        var (logits, targets) = (Logits(Rows, Classes), Targets(Rows));
        var loss = new FocalLoss();

        // Targets as a matrix, made beforehand, send the loss through its tensor form.
        var given = options[0] == "focal" ? null : Matrix(Rows);
        var before = ProcessMemory.PeakMegabytes();
        var time = Least(() =>
        {
            logits.grad = null;
            loss.Compute(logits, given ?? targets).sum().backward();
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time:F3}\t{ProcessMemory.PeakMegabytes() - before:F1}"));
        return 0;
    }

    private static IEnumerable<(string Name, double Milliseconds)> Every()
    {
        var facts = new DatasetFacts
        {
            Classes = [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")],
            Objects = [.. Enumerable.Range(1, Classes).Select(i => 10L * i)],
            ImagesWith = [.. Enumerable.Range(1, Classes).Select(i => 10L * i)],
            Images = 1000,
        };
        ClassificationLoss[] classification =
        [
            new FocalLoss(), new CrossEntropyLoss(), new CrossEntropyLoss { Sigmoid = true }, new GradientHarmonizedLoss(), new QualityFocalLoss(), new VarifocalLoss(),
            new ClassBalancedLoss { Loss = new FocalLoss() }, new SeesawLoss(), new EqualizationLoss(), new AveragePrecisionLoss(), new AverageLrpLoss(), new RankSortLoss(),
        ];
        foreach (var loss in classification)
        {
            using var scope = NewDisposeScope();
            var (logits, targets, state) = (Logits(FewRows, loss.Channels(Classes)), Targets(FewRows), loss.State(facts));
            yield return ($"{loss.GetType().Name}, {FewRows:N0} x {Classes}", Least(() => loss.Compute(logits, targets, state).sum().backward()));
        }

        foreach (var kind in BoxLossKinds.All)
        {
            using var scope = NewDisposeScope();
            var loss = BoxLossKinds.Read(kind);
            var (predicted, target) = Boxes();
            var pairs = () => loss.OnCorners ? BoxPairs.OfCorners(predicted, target) : BoxPairs.OfDeltas(predicted, target, zeros(FewRows, 4));
            yield return ($"{loss.GetType().Name}, {FewRows:N0} boxes", Least(() => loss.Compute(pairs(), loss.State()).sum().backward()));
        }
    }

    private static Tensor Logits(int rows, int channels) => (randn([rows, channels], generator: new Generator(1)) - 4).requires_grad_();

    private static Tensor Labels(int rows)
    {
        var labels = full([rows], (long)Classes, dtype: ScalarType.Int64);
        for (var row = 0; row < rows; row += EveryObject) labels[row] = row / EveryObject % Classes;
        return labels;
    }

    private static ClassTargets Targets(int rows) => ClassTargets.Of(Labels(rows), Classes, full([rows], 0.7f));

    private static ClassTargets Matrix(int rows) => ClassTargets.OfMatrix(nn.functional.one_hot(Labels(rows), Classes + 1).narrow(1, 0, Classes).to(ScalarType.Float32));

    private static (Tensor Predicted, Tensor Target) Boxes()
    {
        var corner = rand([FewRows, 2], generator: new Generator(2)) * 500;
        var target = cat([corner, corner + 20 + (rand([FewRows, 2], generator: new Generator(3)) * 100)], 1);
        return ((target + (randn([FewRows, 4], generator: new Generator(4)) * 5)).requires_grad_(), target);
    }

    private static double Least(Action action)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i <= Repeats; i++)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            action();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return least;
    }

    private static Cost Child(string what, int threads)
        => Cost.Parse(ProcessRun.Of("dotnet", typeof(LossBenchmark).Assembly.Location, "losses-focal", what, $"{threads}").Output.Trim());

    private static (string Name, Cost Cost)? Peer(string[] pythons, int threads)
    {
        var script = Path.Combine(PerformanceRunner.RootOf(AppContext.BaseDirectory), "benchmarks", "peers", "torchvision_losses.py");
        foreach (var python in pythons)
        {
            try
            {
                var lines = ProcessRun.Of(python, script, $"{Repeats}", $"{threads}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return (lines[0], Cost.Parse(lines[1][(lines[1].IndexOf('\t') + 1)..]));
            }
            catch (InvalidOperationException)
            {
                Console.Error.WriteLine($"no figures of torchvision from '{python}'. Install it (Debian: python3-torchvision), or name another --python.");
            }
        }

        return null;
    }

    private static string Section(Cost ours, Cost composite, (string Name, Cost Cost)? peer, (string Name, double Milliseconds)[] every, int rounds, int threads)
    {
        var text = new StringBuilder("## Losses\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Written by `dotnet run -c Release --project benchmarks/Ballast.Benchmarks -- losses -o docs/performance.md`: {Machine.Processor}, {Environment.ProcessorCount} cores; {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {Machine.Load():F1} at its end. ");
        text.Append(CultureInfo.InvariantCulture, $"Forward and backward in single precision, {threads} threads{(peer is { } named ? $"; beside it {named.Name}" : "")}. Wall-clock milliseconds, the least of {rounds} rounds of {Repeats + 1}, taking turns; memory is the peak beyond the inputs.\n\n");
        text.Append($"| sigmoid focal loss, {Rows:N0} x {Classes} | ms | MB | of torchvision's time | of its memory | |\n|---|---|---|---|---|---|\n");
        Row("Ballast: value and gradient in one pass", ours, judged: true);
        Row("Ballast: in tensor operations, targets made beforehand", composite, judged: false);
        if (peer is { } other) text.Append(CultureInfo.InvariantCulture, $"| torchvision | {other.Cost.Milliseconds:F0} | {other.Cost.Megabytes:F0} | 1 | 1 | |\n");
        text.Append("\n| loss | ms |\n|---|---|\n");
        foreach (var (name, milliseconds) in every) text.Append(CultureInfo.InvariantCulture, $"| {name} | {milliseconds:F2} |\n");
        return text.ToString();

        void Row(string name, Cost cost, bool judged)
        {
            var (time, memory) = peer is { } reference ? (cost.Milliseconds / reference.Cost.Milliseconds, cost.Megabytes / reference.Cost.Megabytes) : (double.NaN, double.NaN);
            var verdict = !judged || peer is null ? "" : time <= 1 / Asked && memory <= 1 / Asked ? "met (at most half of both)" : "**not met** (at most half of both)";
            string Share(double share) => double.IsNaN(share) ? "" : share.ToString("0.00", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {cost.Milliseconds:F0} | {cost.Megabytes:F0} | {Share(time)} | {Share(memory)} | {verdict} |\n");
        }
    }

    private readonly record struct Cost(double Milliseconds, double Megabytes)
    {
        public static Cost Endless { get; } = new(double.PositiveInfinity, double.PositiveInfinity);

        public static Cost Parse(string line) => new(Of(line.Split('\t')[0]), Of(line.Split('\t')[1]));

        public Cost Min(Cost other) => new(Math.Min(Milliseconds, other.Milliseconds), Math.Min(Megabytes, other.Megabytes));

        private static double Of(string number) => double.Parse(number, CultureInfo.InvariantCulture);
    }
}
