using System.Text.Json;
using Ballast.Tests;
using Ballast.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Ballast.Training.Tests;

/// <summary>A training of torchvision's, step by step, and the comparison of ours with it.</summary>
internal sealed class TrainingTrace : IDisposable
{
    private readonly GoldenCase _golden;
    private readonly Dictionary<string, Ballast.Tests.Golden.Tensor> _images;
    private readonly JsonElement _optimizer;
    private readonly int _firstLabel;

    /// <summary>Opens a trace.</summary>
    /// <param name="name">Its case.</param>
    /// <param name="firstLabel">The label of class 0: 1 where background is 0.</param>
    public TrainingTrace(string name, int firstLabel)
    {
        _golden = GoldenCase.Load(name);
        _firstLabel = firstLabel;
        var folder = Environment.GetEnvironmentVariable("BALLAST_GOLDEN") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "tests", "golden");
        _images = SafetensorsFile.Read(Path.Combine(folder, "training_trace", _golden.Section("images_file").GetString()!));
        _optimizer = Parameters.GetProperty("optimizer");
    }

    public JsonElement Parameters => _golden.Parameters;

    /// <summary>Sizes of the first stage's channels, the input and the classes, as profiles and facts.</summary>
    public InputSize Input => new() { Short = Parameters.GetProperty("min_size").GetInt32(), Long = Parameters.GetProperty("max_size").GetInt32() };

    /// <summary>Trains a detector as the reference was trained.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="named">The step's losses by name, of a total.</param>
    /// <param name="map">Orders stored weights as ours are.</param>
    /// <param name="before">Is shown each step's batch before it is learned.</param>
    public void Follow(
        Detector detector, Func<TotalLoss, Dictionary<string, torch.Tensor>> named, Func<string, float[], float[]>? map = null, Action<int, Batch>? before = null)
    {
        GoldenWeights.Load(detector, _golden, map);
        var start = detector.named_parameters().ToDictionary(pair => pair.name, pair => GoldenTensors.Values(pair.parameter));
        var parameters = detector.parameters().Where(parameter => parameter.requires_grad).ToArray();
        using var optimizer = Optimizer.Build(parameters, []);
        var steps = Parameters.GetProperty("steps").GetInt32();
        detector.train();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var batch = Batch(detector, step);
            before?.Invoke(step, batch);
            var total = detector.Loss(batch);
            total.Value.backward();
            AssertLosses(step, named(total));
            AssertRelative($"grad_norm of step {step}", Gradients.Clip(parameters, Clip), Output("grad_norm", step), _golden.Tolerance("grad_norm_rtol"));
            SetRate(optimizer, step);
            optimizer.step();
            if (_golden.Section("params_after").TryGetProperty($"{step + 1}", out var after)) AssertParameters(step, detector, start, after);
            if (_golden.Parameters.GetProperty("batchnorm").GetString() != "frozen" && _golden.Section("buffers_after").TryGetProperty($"{step + 1}", out var buffers))
                AssertBuffers(step, detector, buffers);
        }

        detector.eval();
        AssertDetections(detector);
    }

    public void Dispose() => _golden.Dispose();

    /// <summary>A row of an output with one for each step.</summary>
    public int[] Integers(string name, int step)
    {
        var (all, width) = (_golden.Integers(name), _golden.Shape(name)[1]);
        return all[(step * width)..((step + 1) * width)];
    }

    private double? Clip => _optimizer.TryGetProperty("clip_norm", out var limit) ? limit.GetDouble() : null;

    private OptimizerOptions Optimizer
    {
        get
        {
            var (rate, decay) = (_optimizer.GetProperty("lr").GetSingle(), _optimizer.GetProperty("weight_decay").GetSingle());
            return _optimizer.GetProperty("optimizer").GetString() == "adamw"
                ? new AdamWOptions { Rate = rate, WeightDecay = decay, Epsilon = _optimizer.GetProperty("eps").GetSingle() }
                : new SgdOptions { Rate = rate, WeightDecay = decay, Momentum = _optimizer.GetProperty("momentum").GetSingle() };
        }
    }

    private RateSchedule Schedule => _optimizer.TryGetProperty("warmup_steps", out var warmup)
        ? new StepSchedule
        {
            WarmupSteps = warmup.GetInt32(),
            WarmupFactor = _optimizer.GetProperty("warmup_factor").GetDouble(),
            Epochs = [_optimizer.GetProperty("decay_at").GetDouble()],
            DecayFactor = _optimizer.GetProperty("decay_factor").GetDouble(),
        }
        : new ConstantSchedule();

    private void SetRate(optim.Optimizer optimizer, int step)
    {
        var rate = _optimizer.GetProperty("lr").GetDouble() * Schedule.Factor(step, 1, Parameters.GetProperty("steps").GetInt32());
        AssertRelative($"rate of step {step}", rate, _golden.Section("outputs").GetProperty("lr").GetProperty("data")[step].GetDouble(), 1e-12);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = rate;
    }

    private Batch Batch(Detector detector, int step)
        => Batch(detector, [.. _golden.Section("inputs").GetProperty("batches")[step].EnumerateArray().Select(image => image.GetInt32())]);

    private Batch Batch(Detector detector, int[] images)
        => InputTransform.Of(detector.Options).Apply([.. images.Select(Image)], [.. images.Select(Truths)], [.. images.Select(image => (long)image)]).To(CPU);

    private PlanarImage Image(int image)
    {
        var stored = _images[$"image{image}"];
        return new([.. stored.Data.Select(value => value / 255f)], stored.Shape[2], stored.Shape[1]);
    }

    private Truths Truths(int image) => GoldenTruths.Of(_golden, image, _firstLabel);

    private float Output(string name, int step) => _golden.Section("outputs").GetProperty(name).GetProperty("data")[step].GetSingle();

    private void AssertLosses(int step, Dictionary<string, torch.Tensor> losses)
    {
        var allowed = _golden.Tolerance("loss_rtol") * Output("loss.total", step);
        foreach (var (name, loss) in losses)
        {
            var (actual, expected) = (loss.item<float>(), Output($"loss.{name}", step));
            Assert.True(Math.Abs(actual - expected) <= allowed, $"Loss {name} of step {step} is {actual}; the reference is {expected}.");
        }
    }

    /// <summary>Sum, L2 norm and L2 distance from the start of every trained tensor.</summary>
    private void AssertParameters(int step, Detector detector, Dictionary<string, float[]> start, JsonElement after)
    {
        var trained = detector.named_parameters().Where(pair => pair.parameter.requires_grad).ToDictionary(pair => pair.name, pair => pair.parameter);
        Assert.Equal(after.EnumerateObject().Select(entry => entry.Name).Order(), trained.Keys.Order());
        foreach (var entry in after.EnumerateObject())
        {
            var (values, before) = (GoldenTensors.Values(trained[entry.Name]), start[entry.Name]);
            var (sum, norm, moved) = (values.Sum(value => (double)value), Norm(values), Norm([.. values.Zip(before, (a, b) => a - b)]));
            var expected = entry.Value.EnumerateArray().Select(value => value.GetDouble()).ToArray();
            var where = $"{entry.Name} after step {step + 1}";
            Assert.True(Math.Abs(sum - expected[0]) <= _golden.Tolerance("sum_per_l2") * expected[1], $"The sum of {where} is {sum}; the reference is {expected[0]}.");
            AssertRelative($"norm of {where}", norm, expected[1], _golden.Tolerance("l2_rtol"));
            var allowed = (_golden.Tolerance("moved_rtol") * expected[2]) + (_golden.Tolerance("moved_atol_per_l2") * expected[1]);
            Assert.True(Math.Abs(moved - expected[2]) <= allowed, $"{where} moved by {moved}; the reference by {expected[2]}.");
        }
    }

    private void AssertBuffers(int step, Detector detector, JsonElement after)
    {
        var buffers = detector.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer);
        foreach (var entry in after.EnumerateObject())
        {
            var values = GoldenTensors.Values(buffers[entry.Name]);
            var (sum, norm) = (entry.Value[0].GetDouble(), entry.Value[1].GetDouble());
            var allowed = _golden.Tolerance("buffers_per_l2") * norm;
            Assert.True(Math.Abs(values.Sum(value => (double)value) - sum) <= allowed, $"The sum of {entry.Name} after step {step + 1} is not the reference's {sum}.");
            Assert.True(Math.Abs(Norm(values) - norm) <= allowed, $"The norm of {entry.Name} after step {step + 1} is not the reference's {norm}.");
        }
    }

    private void AssertDetections(Detector detector)
    {
        using var scope = NewDisposeScope();
        var found = detector.Detect(Batch(detector, [0, 1]));
        for (var image = 0; image < 2; image++)
            GoldenDetections.AssertEqual(_golden, $"eval.image{image}", found[image], _firstLabel, _golden.Tolerance("detection_atol"));
    }

    private static void AssertRelative(string what, double actual, double expected, double tolerance)
        => Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"The {what} is {actual}; the reference is {expected}.");

    private static double Norm(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += (double)value * value;
        return Math.Sqrt(sum);
    }
}
