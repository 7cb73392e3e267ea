#:project ../src/Ballast/Ballast.csproj
#:property RestorePackagesWithLockFile=false
// Assigners and samplers on one image, without a network: which anchors become objects, and which background is looked at. Run: dotnet run samples/samplers.cs
using Ballast;

var folder = Directory.CreateTempSubdirectory("ballast-sample-");
try
{
    DemoDataset.Write(Path.Combine(folder.FullName, "shapes"), seed: 1, images: 4);
    var data = DetectionDataset.Load(Path.Combine(folder.FullName, "shapes"));
    var scene = new AnchorScene(DetectorProfile.RetinaNet with { Input = InputSize.Parse("480x800") });
    scene.Load(data, image: 0);

    foreach (var assigner in new Assigner[] { new MaxIoUAssigner(), new AtssAssigner(), new ApproxMaxIoUAssigner(), new RegionAssigner() })
    {
        scene.Assign(assigner);
        Console.WriteLine($"{assigner.GetType().Name}: {Count(scene.Assignment.Truths, truth => truth >= 0)} positives, {Count(scene.Assignment.Truths, truth => truth == Assignment.Ignored)} left out of {scene.Assignment.Count:N0}");
    }

    Sampler[] samplers =
    [
        new NoSampler(), new RandomSampler(), new HardNegativeMiningSampler(), new OnlineHardExampleMiningSampler(), new IoUBalancedNegativeSampler { BinRange = IoUBinRange.Negatives },
        new InstanceBalancedPositiveSampler(), new OnlineForegroundBalancedSampler(), new ImportanceReweightingSampler(), new CombinedSampler(),
    ];
    scene.Assign();
    foreach (var sampler in samplers)
    {
        var weights = scene.Weigh(sampler, seed: 1);
        var background = Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0 && scene.Assignment.Truths[i] < 0).ToArray();
        var overlap = background.Select(i => (double)scene.Assignment.Overlaps[i]).DefaultIfEmpty(0).Average();
        Console.WriteLine($"{sampler.GetType().Name}: {background.Length:N0} of background, mean IoU with the nearest object {overlap:0.000}");
    }

    // How often images are shown is the third place to sample at.
    Console.WriteLine($"evenness of classes {ImageSampling.OutcomeOf(data, ImageSampling.ClassAware(data)).Evenness:0.00} by class-aware, "
        + $"{ImageSampling.OutcomeOf(data, ImageSampling.RepeatFactors(data)).Evenness:0.00} by repeat-factor sampling, "
        + $"{ImageSampling.OutcomeOf(data, ImageSampling.DropMajorityOnly(data, kept: 0.25)).Evenness:0.00} without three quarters of the images of the commonest class only");
    data.Source.Tree.Dispose();
}
finally
{
    folder.Delete(recursive: true);
}

static int Count(ReadOnlySpan<int> values, Func<int, bool> counts)
{
    var count = 0;
    foreach (var value in values) count += counts(value) ? 1 : 0;
    return count;
}
