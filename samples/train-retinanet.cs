#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false

// Trains a small RetinaNet. Run with: dotnet run samples/train-retinanet.cs [DATA [STEPS]]. Without DATA it draws the demo set and takes a few steps.
using Ballast;
using Ballast.Training;

var demo = args.Length == 0 ? Directory.CreateTempSubdirectory("ballast-train-").FullName : null;
if (demo is not null) DemoDataset.Write(demo, images: 24);
var data = DetectionDataset.Load(demo ?? args[0]);
var steps = args.Length > 1 ? int.Parse(args[1]) : 6;

var options = new RetinaNetOptions
{
    Profile = DetectorProfile.RetinaNet with { Input = new() { Short = 192, Long = 256 } },
    Backbone = new ResNetOptions { Depth = 18, Width = 16 },
    Neck = new FeaturePyramidOptions { Channels = 64 },
    ClassificationLoss = new FocalLoss { Gamma = 2 },
    BoxLoss = new GIoUBoxLoss(),
};
using var detector = options.Build(DatasetFacts.Of(data), seed: 1);
using var loader = new BatchLoader(data, InputTransform.Of(options), new LoaderOptions { BatchSize = 4 }, seed: 1);
using var trainer = new Trainer(detector, new() { Optimizer = new SgdOptions { Rate = 0.01f }, Schedule = new StepSchedule { WarmupSteps = 20 } });

Console.WriteLine($"{data.Images.Count} images, {data.Boxes.Count} boxes, classes {string.Join(", ", data.Classes)}");
for (var i = 0; i < steps; i++)
{
    var step = trainer.Advance(loader);
    Console.WriteLine($"step {step.Step,3}  {string.Join("  ", step.Losses.Select(loss => $"{loss.Name} {loss.Value:0.000}"))}  gradient {step.GradientNorm:0.00}  rate {step.Rate:0.0000}");
}

if (demo is not null) Directory.Delete(demo, recursive: true);
