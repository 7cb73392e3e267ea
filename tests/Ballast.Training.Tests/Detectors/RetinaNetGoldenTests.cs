using System.Text.Json;
using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>RetinaNet beside torchvision's: whole models from given weights, and trainings step by step.</summary>
public class RetinaNetGoldenTests
{
    public static TheoryData<string> Traces => Of("training_trace");

    public static TheoryData<string> Models => Of("whole_models");

    [Theory]
    [MemberData(nameof(Traces))]
    public void Every_step_of_torchvisions_training_is_followed(string name)
    {
        using var trace = new TrainingTrace(name, firstLabel: 0);
        var frozen = trace.Parameters.GetProperty("batchnorm").GetString() == "frozen";
        using var detector = Small(trace.Parameters, frozen ? BackboneNormalization.FrozenBatch : BackboneNormalization.Batch);
        trace.Follow(detector, total => new()
        {
            ["classification"] = total.Parts[0].Value,
            ["bbox_regression"] = total.Parts[1].Value,
            ["total"] = total.Value,
        });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Features_losses_gradients_and_detections_are_torchvisions(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Load(name);
        var stored = golden.Parameters.GetProperty("stored_weights").GetBoolean();
        using var detector = stored ? Small(golden.Parameters, BackboneNormalization.FrozenBatch) : Full(golden.Parameters);
        if (stored) GoldenWeights.Load(detector, golden);
        else GoldenWeights.Fill(detector, golden.Parameters);
        var batch = InputTransform.Of(detector.Options).Apply([Image(0), Image(1)], [GoldenTruths.Of(golden, 0, 0), GoldenTruths.Of(golden, 1, 0)]).To(CPU);
        AssertTraining(golden, detector, batch);
        detector.eval();
        AssertPredictions(golden, (RetinaNet)detector, batch);

        PlanarImage Image(int image) => stored
            ? new(golden.Floats($"image{image}"), golden.Shape($"image{image}")[2], golden.Shape($"image{image}")[1])
            : GoldenWeights.Image(golden.Parameters, image);
    }

    private static void AssertTraining(GoldenCase golden, Detector detector, Batch batch)
    {
        detector.train();
        var total = detector.Loss(batch);
        golden.AssertClose("outputs:train.classification", GoldenTensors.Values(total.Parts[0].Value));
        golden.AssertClose("outputs:train.bbox_regression", GoldenTensors.Values(total.Parts[1].Value));
        total.Value.backward();
        var parameters = detector.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var norm in golden.Section("train_grad_norms").EnumerateObject())
        {
            var (actual, expected) = (parameters[norm.Name].grad!.norm().item<float>(), norm.Value.GetDouble());
            Assert.True(Math.Abs(actual - expected) <= 1e-4 + (1e-3 * expected), $"The gradient of {norm.Name} has norm {actual}; the reference's has {expected}.");
        }

        foreach (var name in golden.Names("train.grad.")) golden.AssertClose(name, GoldenTensors.Values(parameters[name["train.grad.".Length..]].grad!));
    }

    private static void AssertPredictions(GoldenCase golden, RetinaNet detector, Batch batch)
    {
        using var frozen = no_grad();
        var (features, predictions) = detector.Predict(batch.Images);
        for (var level = 0; level < features.Count; level++) golden.AssertClose($"eval.features.{level}", GoldenTensors.Values(Stored(features[level])));
        if (golden.Has("eval.head.cls_logits"))
        {
            golden.AssertClose("eval.head.cls_logits", GoldenTensors.Values(predictions.Logits));
            golden.AssertClose("eval.head.bbox_regression", GoldenTensors.Values(predictions.Deltas));
        }

        var found = detector.Detect(batch);
        for (var image = 0; image < 2; image++) GoldenDetections.AssertEqual(golden, $"eval.image{image}", found[image], 0, golden.Tolerance("rtol"));

        static Tensor Stored(Tensor map) => map.numel() <= 40000 ? map : map[TensorIndex.Colon, TensorIndex.Slice(step: Math.Max(1, map.shape[1] / 8))];
    }

    private static TheoryData<string> Of(string component)
        => [.. GoldenCase.All(component).Select(row => row.Data).Where(name => name.StartsWith($"{component}/retinanet", StringComparison.Ordinal))];

    /// <summary>The reduced model: basic blocks, three sizes on each level.</summary>
    private static Detector Small(JsonElement parameters, BackboneNormalization normalization)
    {
        var sizes = parameters.GetProperty("anchor_sizes").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        var profile = DetectorProfile.RetinaNet with
        {
            Input = Input(parameters),
            Anchors = DetectorProfile.RetinaNet.Anchors with
            {
                Levels = [.. DetectorProfile.RetinaNet.Anchors.Levels.Select((level, i) => level with
                {
                    Sizes = [sizes[i], (int)(sizes[i] * Math.Pow(2, 1 / 3.0)), (int)(sizes[i] * Math.Pow(2, 2 / 3.0))],
                })],
            },
        };
        var backbone = new ResNetOptions { Width = parameters.GetProperty("width").GetInt32(), Normalization = normalization };
        return Build(parameters, profile, backbone, new FeaturePyramidOptions { Channels = parameters.GetProperty("fpn").GetInt32() });
    }

    private static Detector Full(JsonElement parameters)
        => Build(parameters, DetectorProfile.RetinaNet with { Input = Input(parameters) }, new ResNetOptions { Depth = 50, Normalization = BackboneNormalization.FrozenBatch }, new FeaturePyramidOptions());

    private static Detector Build(JsonElement parameters, DetectorProfile profile, BackboneOptions backbone, NeckOptions neck)
    {
        var options = new RetinaNetOptions
        {
            Profile = profile,
            Backbone = backbone,
            Neck = neck,
            Detection = new()
            {
                MinimumScore = parameters.GetProperty("score").GetSingle(),
                Most = parameters.GetProperty("dets").GetInt32(),
                MostOfLevel = parameters.GetProperty("pre").GetInt32(),
            },
        };
        return options.Build(Facts(parameters.GetProperty("num_classes").GetInt32()));
    }

    private static InputSize Input(JsonElement parameters)
        => new() { Short = parameters.GetProperty("min_size").GetInt32(), Long = parameters.GetProperty("max_size").GetInt32() };

    private static DatasetFacts Facts(int classes) => new()
    {
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")],
        Objects = [.. Enumerable.Repeat(1L, classes)],
        ImagesWith = [.. Enumerable.Repeat(1L, classes)],
        Images = classes,
    };
}
