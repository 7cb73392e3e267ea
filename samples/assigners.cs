#:project ../src/Ballast/Ballast.csproj
#:property RestorePackagesWithLockFile=false
// Which anchors become objects under each assigner, and how often images are shown, on a few images of the demo data set. Run: dotnet run samples/assigners.cs
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
        var truths = scene.Assignment.Truths.ToArray();
        Console.WriteLine($"{assigner.GetType().Name}: {truths.Count(truth => truth >= 0)} positives, {truths.Count(truth => truth == Assignment.Ignored)} left out of {truths.Length:N0} candidates");
    }

    Console.WriteLine($"evenness of classes {ImageSampling.OutcomeOf(data, ImageSampling.ClassAware(data)).Evenness:0.00} by class-aware, "
        + $"{ImageSampling.OutcomeOf(data, ImageSampling.RepeatFactors(data)).Evenness:0.00} by repeat-factor sampling, "
        + $"{ImageSampling.OutcomeOf(data, ImageSampling.DropMajorityOnly(data, kept: 0.25)).Evenness:0.00} without three quarters of the images of the commonest class only");
    data.Source.Tree.Dispose();
}
finally
{
    folder.Delete(recursive: true);
}
