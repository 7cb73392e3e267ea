#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false
// Regions out of a pyramid: from the one level that fits their size, or from all of them. Run: dotnet run samples/regions.cs
using Ballast.Training;
using static TorchSharp.torch;

FeatureLevel[] pyramid = [new("P2", 4, 64), new("P3", 8, 64), new("P4", 16, 64), new("P5", 32, 64)];
using var step = NewDisposeScope();
var maps = pyramid.Select(level => rand(1, level.Channels, 256 / level.Stride, 256 / level.Stride)).ToArray();
var regions = tensor(new[,] { { 0f, 10, 10, 40, 40 }, { 0f, 20, 20, 140, 140 } });

foreach (var options in new RoIExtractorOptions[] { new MultiScaleRoIAlignOptions(), new AdaptiveFeaturePoolingOptions { Fusion = BranchFusion.Max } })
{
    using var extractor = options.Build(pyramid);
    var branches = extractor.Extract(maps, regions);
    var shape = string.Join(" x ", extractor.Fuse(branches).shape);
    Console.WriteLine($"{options.GetType().Name}: {extractor.Branches} {(extractor.Branches == 1 ? "branch" : "branches")}, fused to {shape}");
}
