using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Ballast.Training.Tests;

/// <summary>What Faster R-CNN promises whatever its parts are.</summary>
[Collection(nameof(Alone))]
public class FasterRCNNTests
{
    private const int Side = 96;

    private static readonly string[] Names = ["disc", "square", "bar"];

    private static readonly Dictionary<string, FasterRCNNOptions> Variants = new()
    {
        ["online hard example mining"] = Small() with { Sampler = new OnlineHardExampleMiningSampler { Count = 16 } },
        ["IoU-balanced background"] = Small() with { Sampler = new CombinedSampler { Positives = new InstanceBalancedPositiveSampler { Count = 16 }, Negatives = new IoUBalancedNegativeSampler { Count = 16 } } },
        ["hard negatives among anchors"] = Small() with { Proposals = Few() with { Sampler = new HardNegativeMiningSampler() } },
        ["all anchors under focal loss"] = Small() with { Proposals = Few() with { Sampler = new NoSampler(), ClassificationLoss = new FocalLoss(), Divisor = LossDivisor.Positives, PriorProbability = 0.01 } },
        ["anchors inside the image"] = Small() with { Proposals = Few() with { BorderPixels = 0 } },
        ["softmax objectness"] = Small() with { Proposals = Few() with { ClassificationLoss = new CrossEntropyLoss() } },
        ["sigmoids"] = Small() with { ClassificationLoss = new FocalLoss(), PriorProbability = 0.01 },
        ["seesaw"] = Small() with { ClassificationLoss = new SeesawLoss() },
        ["quality"] = Small() with { ClassificationLoss = new QualityFocalLoss() },
        ["GHM"] = Small() with { ClassificationLoss = new GradientHarmonizedLoss(), BoxLoss = new GradientHarmonizedBoxLoss() },
        ["ranking"] = Small() with { ClassificationLoss = new RankSortLoss() },
        ["log-variances"] = Small() with { BoxLoss = new KLBoxLoss() },
        ["corners"] = Small() with { BoxLoss = new CIoUBoxLoss(), Proposals = Few() with { BoxLoss = new GIoUBoxLoss() } },
        ["one box for all classes"] = Small() with { ClassAgnostic = true },
        ["PISA"] = Small() with { Importance = new(), ClassificationAware = new() },
        ["guided"] = Small() with { Objective = new GuidedLossOptions() },
        ["uncertainty"] = Small() with { Objective = new UncertaintyWeightingOptions() },
        ["adaptive pooling"] = Small() with { Extractor = new AdaptiveFeaturePoolingOptions(), Neck = new PathAggregationOptions { Channels = 16 } },
        ["Libra"] = Small() with { Neck = new BalancedFeaturePyramidOptions { Inner = new FeaturePyramidOptions { Channels = 16, Top = TopLevels.Pooled } } },
        ["one map"] = Small() with { Neck = new SingleLevelOptions { Channels = 16 } },
        ["cascade"] = Small() with { Cascade = new(), ClassAgnostic = true },
        ["cascade of classes' own boxes"] = Small() with { Cascade = new() { Further = [new() { IoU = 0.6f }] } },
        ["no truths among proposals"] = Small() with { AddTruths = false },
    };

    public static TheoryData<string> Kinds => [.. Variants.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_part_can_be_exchanged_and_matters(string kind)
    {
        using var baseline = Small().Build(Facts(), seed: 1);
        using var detector = Variants[kind].Build(Facts(), seed: 1);
        using var scope = NewDisposeScope();
        var total = Learn(detector);
        Assert.True(total.isfinite().item<bool>());
        Learn(baseline);
        Assert.All(detector.named_parameters(), named => Assert.True(named.parameter.grad is null || named.parameter.grad.isfinite().all().item<bool>(), named.name));
        var plain = baseline.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        Assert.Contains(detector.named_parameters(), named => !plain.TryGetValue(named.name, out var other) || !named.parameter.shape.AsSpan().SequenceEqual(other.shape)
            || !Gradient(named.parameter).allclose(Gradient(other), rtol: 1e-4, atol: 1e-9));
        detector.eval();
        Assert.Equal(2, detector.Detect(Scene()).Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_record_is_its_own_recipe(string kind)
    {
        var recipe = RecipeReader.ToJson<DetectorOptions>(Variants[kind]);
        Assert.Equal(recipe, RecipeReader.ToJson(RecipeReader.Parse<DetectorOptions>(recipe)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_learns_where_things_are_and_what(bool cascade)
    {
        using var detector = (cascade ? Variants["cascade"] : Small()).Build(Facts(), seed: 3);
        using var optimizer = optim.AdamW(detector.parameters().Where(parameter => parameter.requires_grad), 2e-3);
        detector.train();
        for (var step = 0; step < 120; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            detector.Loss(Scene(step)).Value.backward();
            optimizer.step();
        }

        detector.eval();
        using var last = NewDisposeScope();
        var (batch, found) = (Scene(), detector.Detect(Scene()));
        for (var image = 0; image < 2; image++)
        {
            var truths = batch.Items[image].Truths;
            for (var truth = 0; truth < truths.Count; truth++)
                Assert.Contains(Enumerable.Range(0, found[image].Count), i => found[image].Classes[i] == truths.Classes[truth] && found[image].Scores[i] > 0.5
                    && Overlap.IoU(found[image].Boxes[i], truths.Boxes[truth]) > 0.6);
        }
    }

    [Fact]
    public void Images_without_objects_teach_background()
    {
        using var detector = Small().Build(Facts(), seed: 1);
        using var scope = NewDisposeScope();
        var batch = Scene(truths: false);
        var terms = detector.Losses(batch);
        Assert.Equal(["rpn", "roi"], terms.Select(term => term.Stage));
        Assert.All(terms, term => Assert.Equal(0, term.Box!.Value().item<float>()));
        Assert.All(terms, term => Assert.True(term.Classification!.Value().item<float>() > 0));
        detector.Objective.Combine(terms).Value.backward();
        Assert.All(detector.named_parameters().Where(named => named.name.Contains("cls", StringComparison.Ordinal)), named => Assert.NotNull(named.parameter.grad));
    }

    [Fact]
    public void A_cascade_has_a_head_a_stage_and_its_losses_under_the_stages_weight()
    {
        using var scope = NewDisposeScope();
        using var detector = Variants["cascade"].Build(Facts(), seed: 1);
        var equal = Variants["cascade"] with { Cascade = new() { Further = [.. new CascadeOptions().Further.Select(stage => stage with { Weight = 1 })] } };
        using var unweighted = equal.Build(Facts(), seed: 1);
        var (terms, plain) = (detector.Losses(Scene()), unweighted.Losses(Scene()));
        Assert.Equal(["rpn", "roi", "roi.2", "roi.3"], terms.Select(term => term.Stage));
        Assert.Equal([1, 0.5f, 0.25f], Enumerable.Range(1, 3).Select(i => terms[i].Classification!.Value().item<float>() / plain[i].Classification!.Value().item<float>()), (a, b) => Math.Abs(a - b) < 1e-5);
        detector.Objective.Combine(terms).Value.backward();
        var heads = detector.named_parameters().Where(pair => pair.name.EndsWith("box_head.fc6.weight", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["roi_heads.0.box_head.fc6.weight", "roi_heads.1.box_head.fc6.weight", "roi_heads.2.box_head.fc6.weight"], heads.Select(pair => pair.name));
        Assert.All(heads, pair => Assert.True(pair.parameter.grad!.abs().sum().item<float>() > 0, pair.name));
        Assert.Equal("CascadeOptions.Further is empty; give at least one stage, or leave the cascade out.", Assert.Throws<InputException>(() => new CascadeOptions { Further = [] }).Message);
    }

    [Fact]
    public void Without_a_proposal_nothing_is_found_and_the_second_stage_rests()
    {
        var none = Small() with { AddTruths = false, Proposals = Few() with { MinimumScore = 1 } };
        using var detector = none.Build(Facts(), seed: 1);
        using var scope = NewDisposeScope();
        var terms = detector.Losses(Scene());
        Assert.Equal((0, 0), (terms[1].Classification!.Value().item<float>(), terms[1].Box!.Value().item<float>()));
        detector.Objective.Combine(terms).Value.backward();
        detector.eval();
        Assert.All(detector.Detect(Scene()), found => Assert.Equal(0, found.Count));
    }

    [Fact]
    public void What_is_drawn_depends_on_the_step_and_on_nothing_else()
    {
        var drawn = Small() with { Sampler = new RandomSampler { Count = 8 }, Proposals = Few() with { Sampler = new RandomSampler { Count = 8, PositiveFraction = 0.5 } } };
        using var detector = drawn.Build(Facts(), seed: 1);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var losses = new[] { 5, 6, 5 }.Select(step => detector.Loss(Scene(step)).Value.item<float>()).ToArray();
        Assert.Equal(losses[0], losses[2]);
        Assert.NotEqual(losses[0], losses[1]);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_under_torchvisions_names()
    {
        using var a = Small().Build(Facts(), seed: 7);
        using var b = Small().Build(Facts(), seed: 7);
        using var c = Small().Build(Facts(), seed: 8);
        using var scope = NewDisposeScope();
        var (first, second, third) = (a.state_dict(), b.state_dict(), c.state_dict());
        Assert.All(first, pair => Assert.True(TorchCures.AreEqual(pair.Value, second[pair.Key]), pair.Key));
        Assert.False(TorchCures.AreEqual(first["rpn.head.conv.0.0.weight"], third["rpn.head.conv.0.0.weight"]));
        Assert.Superset(
            new HashSet<string>
            {
                "rpn.head.conv.0.0.bias", "rpn.head.cls_logits.weight", "rpn.head.bbox_pred.weight", "roi_heads.box_head.fc6.weight", "roi_heads.box_head.fc7.bias",
                "roi_heads.box_predictor.cls_score.weight", "roi_heads.box_predictor.bbox_pred.bias", "backbone.fpn.inner_blocks.3.0.weight",
            },
            first.Keys.ToHashSet());
        Assert.DoesNotContain(first.Keys, name => name.Contains("._", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using var detector = Small().Build(Facts(), seed: 1);
        Step(0);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        for (var step = 1; step < 10; step++) Step(step);
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        void Step(int step)
        {
            using var scope = NewDisposeScope();
            detector.Loss(Scene(step)).Value.backward();
            detector.Detect(Scene(step));
        }
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_the_reason()
    {
        Refused("does not pool regions", Small() with { Profile = DetectorProfile.RetinaNet });
        Refused("needs a grid of anchors", Small() with { ProposalAssigner = new AtssAssigner() });
        Refused("counted over the batch", Small() with { Divisor = LossDivisor.PositivesOfImage });
        Refused("ranks candidates by their loss", Small() with { Sampler = new OnlineHardExampleMiningSampler(), ClassificationLoss = new GradientHarmonizedLoss() });
        Refused("ranks candidates by their loss", Small() with { Proposals = Few() with { Sampler = new HardNegativeMiningSampler(), ClassificationLoss = new RankSortLoss() } });
        Refused("balances classes", Small() with { Proposals = Few() with { ClassificationLoss = new SeesawLoss() } });
        Assert.Throws<InputException>(() => new FasterRCNNOptions { PriorProbability = 1 });
        Assert.Throws<InputException>(() => new RegionProposalOptions { BorderPixels = -1 });
        Assert.Throws<InputException>(() => new RegionProposalOptions { MinimumSidePixels = 0 });
        Assert.Throws<InputException>(() => new ProposalLimits { Most = 0 });
    }

    private static void Refused(string reason, FasterRCNNOptions options)
        => Assert.Contains(reason, Assert.Throws<InputException>(() => options.Build(Facts())).Message, StringComparison.Ordinal);

    private static Tensor Learn(Detector detector)
    {
        detector.train();
        var total = detector.Loss(Scene());
        total.Value.backward();
        return total.Value;
    }

    private static Tensor Gradient(Tensor parameter) => parameter.grad ?? zeros_like(parameter);

    private static RegionProposalOptions Few() => new()
    {
        Training = new() { MostOfLevel = 60, Most = 60 },
        Inference = new() { MostOfLevel = 60, Most = 30 },
    };

    private static FasterRCNNOptions Small()
    {
        float[] sizes = [12, 24, 40, 64, 96];
        var anchors = DetectorProfile.FasterRCNN.Anchors;
        return new()
        {
            Profile = DetectorProfile.FasterRCNN with { Anchors = anchors with { Levels = [.. anchors.Levels.Select((level, i) => level with { Sizes = [sizes[i]] })] } },
            Backbone = new ResNetOptions { Width = 8, Normalization = BackboneNormalization.Group, Groups = 4 },
            Neck = new FeaturePyramidOptions { Channels = 16, Top = TopLevels.Pooled },
            HeadWidth = 32,
            Proposals = Few(),
        };
    }

    /// <summary>Two images of bright rectangles on noise.</summary>
    private static Batch Scene(long step = 0, bool truths = true)
    {
        Box[][] boxes = [[new(8, 10, 40, 42), new(50, 48, 90, 64)], [new(30, 30, 54, 54)]];
        int[][] classes = [[0, 2], [1]];
        var pixels = new float[2 * 3 * Side * Side];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = 0.2f * ((i * 7919 % 101 / 50f) - 1);
        var items = new BatchImage[2];
        for (var image = 0; image < 2; image++)
        {
            items[image] = new(image, $"image {image}", Side, Side, Side, Side, new());
            for (var i = 0; truths && i < boxes[image].Length; i++)
            {
                items[image].Truths.Add(boxes[image][i], classes[image][i]);
                Paint(pixels.AsSpan((image * 3 + classes[image][i]) * Side * Side, Side * Side), boxes[image][i]);
            }
        }

        return new(tensor(pixels, [2, 3, Side, Side]), items, seed: 1, step);
    }

    private static void Paint(Span<float> plane, Box box)
    {
        for (var y = (int)box.Y1; y < (int)box.Y2; y++) plane.Slice((y * Side) + (int)box.X1, (int)box.Width).Fill(2);
    }

    private static DatasetFacts Facts() => new() { Classes = [.. Names], Objects = [5, 4, 3], ImagesWith = [5, 4, 3], Images = 8 };
}
