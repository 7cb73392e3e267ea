using static TorchSharp.torch;

namespace Ballast.Training.Tests;

public class DetectorOptionsTests
{
    [Fact]
    public void A_detector_is_its_own_recipe()
    {
        DetectorOptions options = PaintedBatches.Options() with
        {
            ClassificationLoss = new FocalLoss { Gamma = 1.5f },
            BoxLoss = new CIoUBoxLoss(),
            Sampler = new RandomSampler { Count = 64 },
            Assigner = new AtssAssigner(),
            Objective = new GuidedLossOptions(),
            Importance = new() { Power = 3 },
        };
        Assert.Equal(options, RecipeReader.Parse<DetectorOptions>(RecipeReader.ToJson(options)));
        var short_ = RecipeReader.Parse<DetectorOptions>("""{ "type": "retinanet", "boxLoss": "giou", "backbone": { "type": "resnet", "depth": 34 } }""");
        Assert.Equal(new RetinaNetOptions { BoxLoss = new GIoUBoxLoss(), Backbone = new ResNetOptions { Depth = 34 } }, short_);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_others_do_not()
    {
        using var one = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 1);
        using var same = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 1);
        using var other = PaintedBatches.Options().Build(PaintedBatches.Facts, seed: 2);
        Assert.Equal(GoldenTensors.Values(one.parameters().First()), GoldenTensors.Values(same.parameters().First()));
        Assert.NotEqual(GoldenTensors.Values(one.parameters().First()), GoldenTensors.Values(other.parameters().First()));
    }

    [Fact]
    public void Parts_that_contradict_each_other_are_refused_with_the_reason()
    {
        Refused(PaintedBatches.Options() with { Profile = DetectorProfile.FasterRCNN }, "pools regions");
        Refused(PaintedBatches.Options() with { Detection = new() { Voting = new() } }, "predicts none");
        Refused(PaintedBatches.Options() with { HeadNormalization = HeadNormalization.Group, Neck = new FeaturePyramidOptions { Channels = 48 } }, "Neck.Channels is 48; it must be a multiple of 32 or less than that. Take 32 or 64");
        Refused(PaintedBatches.Options() with { HeadNormalization = HeadNormalization.Group, Neck = new BalancedFeaturePyramidOptions { Inner = new PathAggregationOptions { Channels = 40 } } }, "Take 32 or 64");
        Refused(PaintedBatches.Options() with { Centerness = true, ClassificationAware = new() }, "Choose one");
        Refused(PaintedBatches.Options() with { Sampler = new OnlineHardExampleMiningSampler(), ClassificationLoss = new GradientHarmonizedLoss() }, "Choose one");
        Refused(
            PaintedBatches.Options() with { Profile = PaintedBatches.Options().Profile with { Anchors = PaintedBatches.Options().Profile.Anchors.WithFinerLevel().WithFinerLevel() } },
            "stride 4, 8, 16 and 32");

        static void Refused(RetinaNetOptions options, string reason)
            => Assert.Contains(reason, Assert.Throws<InputException>(() => options.Build(PaintedBatches.Facts)).Message);
    }

    [Fact]
    public void Every_loss_and_sampler_fits_the_dense_head_and_changes_the_gradients()
    {
        RetinaNetOptions[] remedies =
        [
            PaintedBatches.Options() with { ClassificationLoss = new CrossEntropyLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new QualityFocalLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new VarifocalLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new SeesawLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new EqualizationLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new GradientHarmonizedLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new RankSortLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new AverageLrpLoss() },
            PaintedBatches.Options() with { ClassificationLoss = new ClassBalancedLoss { Loss = new FocalLoss() }, Divisor = LossDivisor.Positives },
            PaintedBatches.Options() with { BoxLoss = new KLBoxLoss() },
            PaintedBatches.Options() with { BoxLoss = new KLBoxLoss(), Detection = new() { Voting = new(), MinimumScore = 0 } },
            PaintedBatches.Options() with { BoxLoss = new GradientHarmonizedBoxLoss() },
            PaintedBatches.Options() with { BoxLoss = new CIoUBoxLoss() },
            PaintedBatches.Options() with { Sampler = new RandomSampler { Count = 32 }, Divisor = LossDivisor.Samples },
            PaintedBatches.Options() with { Sampler = new HardNegativeMiningSampler() },
            PaintedBatches.Options() with { Sampler = new OnlineHardExampleMiningSampler { Count = 32 } },
            PaintedBatches.Options() with { Sampler = new IoUBalancedNegativeSampler { Count = 32 } },
            PaintedBatches.Options() with { Importance = new() },
            PaintedBatches.Options() with { ClassificationAware = new() },
            PaintedBatches.Options() with { ClassificationAware = new(), ClassificationAwareRule = ClassificationAwareRule.Replace },
            PaintedBatches.Options() with { Centerness = true },
            PaintedBatches.Options() with { Objective = new GuidedLossOptions() },
            PaintedBatches.Options() with { Objective = new GradNormOptions { Alpha = 0 } },
            PaintedBatches.Options() with { Neck = new PathAggregationOptions { Channels = 16 } },
            PaintedBatches.Options() with { HeadNormalization = HeadNormalization.Group },
        ];
        var baseline = Gradient(PaintedBatches.Options());
        foreach (var options in remedies)
        {
            var gradient = Gradient(options);
            Assert.True(double.IsFinite(gradient) && gradient > 0, $"{options}: the gradient's norm is {gradient}.");

            // GradNorm weighs the step after the one it has seen.
            if (options.Objective is not GradNormOptions) Assert.NotEqual(baseline, gradient);
        }
    }

    private static double Gradient(RetinaNetOptions options)
    {
        using var scope = NewDisposeScope();
        using var detector = options.Build(PaintedBatches.Facts, seed: 4);
        using var trainer = new Trainer(detector, new());
        trainer.Advance(new PaintedBatches());
        var norm = trainer.Advance(new PaintedBatches()).GradientNorm;
        detector.eval();
        Assert.Equal(2, detector.Detect(new PaintedBatches().Load(0).To(CPU)).Length);
        return norm;
    }
}
