namespace Ballast.Training.Tests;

/// <summary>The C# of the pages of imbalances, compiled and run: each block between markers is a block of a page, to the letter.</summary>
internal static class DocsSnippets
{
    public static void ClassBackground(DetectionDataset data)
    {
        // snippet docs/imbalances/class-background.md
        var scene = new AnchorScene(DetectorProfile.RetinaNet);
        scene.Load(data, image: 0);
        scene.Assign();
        var weights = scene.Weigh(new IoUBalancedNegativeSampler { Count = 256, PositiveFraction = 0.5, BinRange = IoUBinRange.Negatives });
        // end
        Assert.Equal(256, weights.Sum());
    }

    public static void ClassForeground(DetectionDataset data)
    {
        // snippet docs/imbalances/class-foreground.md
        var weights = ImageSampling.RepeatFactors(data, threshold: 0.1);
        var outcome = ImageSampling.OutcomeOf(data, weights);
        Console.WriteLine($"evenness {outcome.Evenness:0.00}, an epoch {outcome.Growth:0.00} times as long");
        // end
        Assert.True(outcome.Growth >= 1);
    }

    public static void Objectives()
    {
        // snippet docs/imbalances/objective.md
        Objective objective = new GuidedLossOptions { ClassificationScale = 1 }.Build(stages: 1);
        // end
        objective.Dispose();
    }
}
