using System.Text.Json;
using Ballast.Tests.Golden;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>Faster R-CNN beside torchvision's: whole models from given weights, and trainings step by step.</summary>
public class FasterRCNNGoldenTests(ITestOutputHelper output)
{
    /// <summary>More than there are anchors or proposals: nothing is random.</summary>
    private const int All = 1_000_000;

    public static TheoryData<string> Traces => Of("training_trace");

    public static TheoryData<string> Models => Of("whole_models");

    [Theory]
    [MemberData(nameof(Traces))]
    public void Every_step_of_torchvisions_training_is_followed(string name)
    {
        using var trace = new TrainingTrace(name, firstLabel: 1);
        using var detector = (FasterRCNN)Small(trace.Parameters);
        trace.Follow(
            detector,
            total => new()
            {
                ["loss_objectness"] = total.Parts[0].Value,
                ["loss_rpn_box_reg"] = total.Parts[1].Value,
                ["loss_classifier"] = total.Parts[2].Value,
                ["loss_box_reg"] = total.Parts[3].Value,
                ["total"] = total.Value,
            },
            BackgroundLast(detector),
            (step, batch) =>
            {
                using var scope = NewDisposeScope();
                using var frozen = no_grad();
                var proposals = detector.Propose(detector.First(batch.Images).Predictions, batch, Options(detector).Proposals.Training);
                Assert.Equal(trace.Integers("num_proposals", step), proposals.Select(boxes => boxes.Count));
            });
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Proposals_losses_gradients_and_detections_are_torchvisions(string name)
    {
        using var golden = GoldenCase.Load(name);
        var stored = golden.Parameters.GetProperty("stored_weights").GetBoolean();
        using var detector = (FasterRCNN)(stored ? Small(golden.Parameters) : Full(golden.Parameters));
        using var scope = NewDisposeScope();
        if (stored) GoldenWeights.Load(detector, golden, BackgroundLast(detector));
        else GoldenWeights.Fill(detector, golden.Parameters, BackgroundLast(detector));
        var batch = InputTransform.Of(detector.Options).Apply([Image(0), Image(1)], [GoldenTruths.Of(golden, 0, 1), GoldenTruths.Of(golden, 1, 1)]).To(CPU);
        detector.eval();
        AssertPredictions(golden, detector, batch);
        AssertTraining(golden, detector, batch);

        PlanarImage Image(int image) => stored
            ? new(golden.Floats($"image{image}"), golden.Shape($"image{image}")[2], golden.Shape($"image{image}")[1])
            : GoldenWeights.Image(golden.Parameters, image);
    }

    [Fact]
    public void What_is_saved_for_torchvision_is_loaded_from_it_unchanged()
    {
        using var scope = NewDisposeScope();
        foreach (var options in new[] { new FasterRCNNOptions(), new() { ClassAgnostic = true }, new() { ClassificationLoss = new FocalLoss() } })
        {
            foreach (var (name, rows) in new[] { ("roi_heads.box_predictor.cls_score.bias", 4), ("roi_heads.box_predictor.bbox_pred.weight", 16), ("rpn.head.bbox_pred.bias", 12) })
            {
                var weight = arange(rows).unsqueeze(-1);
                var moved = BackgroundRows.First(options, 3, name, weight);
                Assert.True(TorchCures.AreEqual(weight, BackgroundRows.Last(options, 3, name, moved)));
                var stays = name[0] == 'r' && name[1] == 'p' || (rows == 4 ? options.ClassificationLoss is FocalLoss : options.ClassAgnostic);
                Assert.Equal(stays ? 0 : 3 * rows / 4, moved[0, 0].item<long>());
            }
        }
    }

    private void AssertTraining(GoldenCase golden, FasterRCNN detector, Batch batch)
    {
        detector.train();
        var total = detector.Loss(batch);
        foreach (var (loss, part) in new[] { ("loss_objectness", 0), ("loss_rpn_box_reg", 1), ("loss_classifier", 2), ("loss_box_reg", 3) })
            golden.AssertClose($"outputs:train.{loss}", GoldenTensors.Values(total.Parts[part].Value));
        total.Value.backward();
        var parameters = detector.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var norm in golden.Section("train_grad_norms").EnumerateObject())
        {
            var (actual, expected) = (parameters[norm.Name].grad!.norm().item<float>(), norm.Value.GetDouble());
            Assert.True(Math.Abs(actual - expected) <= 1e-4 + (1e-3 * expected), $"The gradient of {norm.Name} has norm {actual}; the reference's has {expected}.");
        }

        var kinks = new Lazy<ReluKinks>(() => new(detector, batch));
        foreach (var name in golden.Names("train.grad."))
        {
            var parameter = name["train.grad.".Length..];
            AssertGradient(golden, parameter, GoldenTensors.Values(BackgroundRows.First(Options(detector), detector.Classes, parameter, parameters[parameter].grad!)), kinks);
        }
    }

    /// <summary>
    /// Each number within the case's tolerance. One that is not belongs to a unit whose ReLU lies at its kink for some region, and is the reference's once the gradient of that
    /// region passes there and not here, or here and not there.
    /// </summary>
    private void AssertGradient(GoldenCase golden, string parameter, float[] actual, Lazy<ReluKinks> kinks)
    {
        var expected = golden.Floats($"train.grad.{parameter}");
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            var allowed = 1e-4 + (golden.Tolerance("rtol") * Math.Abs(expected[i]));
            if (Math.Abs(actual[i] - expected[i]) <= allowed) continue;
            var sentence = $"{parameter}[{i}] is {actual[i]}, the reference's {expected[i]}; the unit is {kinks.Value.Nearest(parameter, i)}.";
            output.WriteLine(sentence);
            Assert.True(kinks.Value.Gradients(parameter, i, actual[i]).Any(other => Math.Abs(other - expected[i]) <= allowed), sentence);
        }
    }

    private static void AssertPredictions(GoldenCase golden, FasterRCNN detector, Batch batch)
    {
        using var frozen = no_grad();
        var (features, predictions) = detector.First(batch.Images);
        for (var level = 0; level < features.Count; level++) golden.AssertClose($"eval.features.{level}", GoldenTensors.Values(Stored(features[level])));
        var proposals = detector.Propose(predictions, batch, Options(detector).Proposals.Inference);
        for (var image = 0; image < 2; image++) AssertBoxes(golden, $"eval.proposals.image{image}", proposals[image]);
        if (golden.Has("eval.box_class_logits"))
        {
            AssertMaps(golden, "eval.rpn_objectness", predictions.Logits, features, 1);
            AssertMaps(golden, "eval.rpn_deltas", predictions.Deltas, features, 4);
            var second = detector.Second(features, proposals);
            golden.AssertClose("eval.box_class_logits", GoldenTensors.Values(BackgroundToFront(second.Logits)));
            golden.AssertClose("eval.box_deltas", GoldenTensors.Values(BackgroundToFront(second.Deltas)));
        }

        var found = detector.Detect(batch);
        for (var image = 0; image < 2; image++) GoldenDetections.AssertEqual(golden, $"eval.image{image}", found[image], 1, golden.Tolerance("rtol"));

        static Tensor Stored(Tensor map) => map.numel() <= 40000 ? map : map[TensorIndex.Colon, TensorIndex.Slice(step: Math.Max(1, map.shape[1] / 8))];

        static Tensor BackgroundToFront(Tensor rows) => rows.roll(1, 1);
    }

    /// <summary>The rows of a level as the map that they come from.</summary>
    private static void AssertMaps(GoldenCase golden, string name, Tensor rows, IReadOnlyList<Tensor> features, int width)
    {
        var first = 0L;
        for (var level = 0; level < features.Count; level++)
        {
            var (height, columns) = (features[level].shape[2], features[level].shape[3]);
            var count = height * columns * 3;
            var map = rows.narrow(1, first, count).reshape(rows.shape[0], height, columns, 3 * width).permute(0, 3, 1, 2);
            golden.AssertClose($"{name}.{level}", GoldenTensors.Values(map));
            first += count;
        }
    }

    private static void AssertBoxes(GoldenCase golden, string name, BoxArray boxes)
    {
        var expected = golden.Boxes(name);
        Assert.Equal(expected.Count, boxes.Count);
        for (var i = 0; i < boxes.Count; i++)
        {
            var (a, b) = (boxes[i], expected[i]);
            Assert.True(new[] { a.X1 - b.X1, a.Y1 - b.Y1, a.X2 - b.X2, a.Y2 - b.Y2 }.Max(Math.Abs) <= 100 * golden.Tolerance("rtol"), $"{name}[{i}] is {a}; the reference is {b}.");
        }
    }

    /// <summary>Torchvision's rows with background last.</summary>
    private static Func<string, float[], float[]> BackgroundLast(FasterRCNN detector) => (name, values) =>
    {
        if (!name.Contains("box_predictor.", StringComparison.Ordinal)) return values;
        using var scope = NewDisposeScope();
        return GoldenTensors.Values(BackgroundRows.Last(Options(detector), detector.Classes, name, tensor(values, [detector.Classes + 1, values.Length / (detector.Classes + 1)])));
    };

    private static FasterRCNNOptions Options(FasterRCNN detector) => (FasterRCNNOptions)detector.Options;

    private static TheoryData<string> Of(string component)
        => [.. GoldenCase.All(component).Select(row => row.Data).Where(name => name.StartsWith($"{component}/fasterrcnn", StringComparison.Ordinal))];

    /// <summary>The reduced model: basic blocks, one size on each level.</summary>
    private static Detector Small(JsonElement parameters)
    {
        var sizes = parameters.GetProperty("anchor_sizes").EnumerateArray().Select(size => size.GetSingle()).ToArray();
        var anchors = DetectorProfile.FasterRCNN.Anchors;
        var options = new FasterRCNNOptions
        {
            Profile = Profile(parameters) with { Anchors = anchors with { Levels = [.. anchors.Levels.Select((level, i) => level with { Sizes = [sizes[i]] })] } },
            Backbone = new ResNetOptions { Width = parameters.GetProperty("width").GetInt32(), Normalization = BackboneNormalization.FrozenBatch },
            Neck = new FeaturePyramidOptions { Channels = parameters.GetProperty("fpn").GetInt32(), Top = TopLevels.Pooled },
            HeadWidth = parameters.GetProperty("rep").GetInt32(),
        };
        return Build(options, parameters);
    }

    private static Detector Full(JsonElement parameters)
    {
        var depth = parameters.GetProperty("model").GetString() == "fasterrcnn_resnet18_fpn" ? 18 : 50;
        return Build(new() { Profile = Profile(parameters), Backbone = new ResNetOptions { Depth = depth, Normalization = BackboneNormalization.FrozenBatch } }, parameters);
    }

    private static Detector Build(FasterRCNNOptions options, JsonElement parameters)
    {
        var limits = new ProposalLimits { MostOfLevel = parameters.GetProperty("pre").GetInt32(), Most = parameters.GetProperty("post").GetInt32() };
        options = options with
        {
            Proposals = new() { Sampler = new RandomSampler { Count = All, PositiveFraction = 0.5 }, Training = limits, Inference = limits },
            Sampler = new RandomSampler { Count = All, PositiveFraction = 0.5 },
            Detection = new() { MinimumScore = parameters.GetProperty("score").GetSingle(), Most = parameters.GetProperty("dets").GetInt32() },
        };
        return options.Build(Facts(parameters.GetProperty("num_classes").GetInt32() - 1));
    }

    private static DetectorProfile Profile(JsonElement parameters) => DetectorProfile.FasterRCNN with
    {
        Input = new() { Short = parameters.GetProperty("min_size").GetInt32(), Long = parameters.GetProperty("max_size").GetInt32() },
    };

    private static DatasetFacts Facts(int classes) => new()
    {
        Classes = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")],
        Objects = [.. Enumerable.Repeat(1L, classes)],
        ImagesWith = [.. Enumerable.Repeat(1L, classes)],
        Images = classes,
    };
}
