#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false
// The remedies for scale imbalance, side by side on the maps of one backbone: which level sees what. Run: dotnet run samples/necks.cs
using Ballast.Training;
using static TorchSharp.torch;

manual_seed(1);
var backbone = new FeatureLevel[] { new("C3", 8, 128), new("C4", 16, 256), new("C5", 32, 512) };
var necks = new Dictionary<string, NeckOptions>
{
    ["one map for all sizes (the baseline)"] = new SingleLevelOptions { Stride = 16 },
    ["FPN"] = new FeaturePyramidOptions(),
    ["PANet's bottom-up path"] = new PathAggregationOptions(),
    ["FPN, then Libra's balanced pyramid"] = new BalancedFeaturePyramidOptions { RefineLevel = 1, Refinement = Refinement.Convolution },
};

foreach (var (name, options) in necks)
{
    // What a step computes dies with its scope.
    using var neck = options.Build(backbone, levels: 5);
    using var step = NewDisposeScope();
    var features = backbone.Select(level => rand([1, level.Channels, 256 / level.Stride, 256 / level.Stride], requires_grad: true)).ToArray();
    var maps = neck.Forward(features);
    Console.WriteLine($"{name}: {neck.parameters().Sum(parameter => parameter.numel()):N0} parameters");
    foreach (var (level, map) in neck.Outputs.Zip(maps)) Console.WriteLine($"  {level.Name}: stride {level.Stride}, {map.shape[1]} channels, {map.shape[3]} x {map.shape[2]} cells");
    maps[^1].sum().backward();
    var fine = features[0].grad is { } gradient ? gradient.abs().mean().item<float>() : 0;
    Console.WriteLine($"  the coarsest level {(fine > 0 ? "hears of" : "does not hear of")} the finest map of the backbone");
}
