#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false
// Anchors that the detector places itself, and regions that are refined from stage to stage, each in one step of training. Run: dotnet run samples/anchoring.cs
using Ballast;
using Ballast.Training;

var folder = Directory.CreateTempSubdirectory("ballast-anchoring-").FullName;
DemoDataset.Write(folder, images: 4);
var data = DetectionDataset.Load(folder);
var (input, small) = (new InputSize { Short = 96, Long = 128 }, new SmallBackboneOptions { Width = 8 });
DetectorOptions[] detectors =
[
    new RetinaNetOptions
    {
        Profile = DetectorProfile.RetinaNet with { Input = input },
        Backbone = small,
        Neck = new FeaturePyramidOptions { Channels = 32 },
        Anchoring = new GuidedAnchoringOptions { CenterFraction = 0.2 },
    },
    new FasterRCNNOptions
    {
        Profile = DetectorProfile.FasterRCNN with { Input = input },
        Backbone = small,
        Neck = new FeaturePyramidOptions { Channels = 32, Top = TopLevels.Pooled },
        Cascade = new CascadeOptions(),
    },
];
foreach (var options in detectors)
{
    using var detector = options.Build(DatasetFacts.Of(data), seed: 1);
    using var loader = new BatchLoader(data, InputTransform.Of(options), new LoaderOptions { BatchSize = 2 }, seed: 1);
    using var trainer = new Trainer(detector, new() { Optimizer = new SgdOptions { Rate = 0.01f } });
    Console.WriteLine($"{options.GetType().Name}: {string.Join(", ", trainer.Advance(loader).Losses.Select(loss => $"{loss.Name} {loss.Value:0.000}"))}");
}

Directory.Delete(folder, recursive: true);
