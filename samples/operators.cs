#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false
// A region cut out of the map that fits its size and out of every map, and a convolution that looks where it is told to. Run: dotnet run samples/operators.cs
using Ballast.Training;
using static TorchSharp.torch;

manual_seed(1);
using var step = NewDisposeScope();
FeatureLevel[] pyramid = [new("P2", 4, 64), new("P3", 8, 64), new("P4", 16, 64), new("P5", 32, 64)];
Tensor[] maps = [.. pyramid.Select(level => randn([1, level.Channels, 256 / level.Stride, 256 / level.Stride], requires_grad: true))];

// Image, x1, y1, x2, y2: a small, a middling and a large object.
var regions = tensor(new[] { 0f, 10, 10, 40, 40, 0, 20, 30, 160, 170, 0, 0, 0, 256, 256 }, [3, 5]);

var byScale = (MultiScaleRoIAlign)new MultiScaleRoIAlignOptions().Build(pyramid);
var bins = byScale.Extract(maps, regions)[0];
Console.WriteLine($"one map each: {string.Join(", ", byScale.LevelsOf(regions).data<long>().Select(level => pyramid[level].Name))}; [{string.Join(", ", bins.shape)}]");

// Adaptive feature pooling: the head's first layer is one for each map, then the branches are fused.
var pooling = new AdaptiveFeaturePoolingOptions { Fusion = BranchFusion.Max }.Build(pyramid);
nn.Module<Tensor, Tensor>[] first = [.. pyramid.Select(_ => nn.Linear(64 * 7 * 7, 32))];
var fused = pooling.Fuse([.. pooling.Extract(maps, regions).Select((branch, level) => first[level].forward(branch.flatten(1)).relu())]);
Console.WriteLine($"every map: {pooling.Branches} branches, fused to [{string.Join(", ", fused.shape)}]");
Backward.Run(fused.sum());
Console.WriteLine($"maps that learn from all regions: {maps.Count(map => map.grad!.abs().sum().item<float>() > 0)} of {maps.Length}");

// Offsets are what another layer predicts: here none, so the result is an ordinary convolution's.
using var convolution = new DeformableConvolutionOptions { KernelSize = 3 }.Build(64, 64);
var offsets = zeros(1, 2 * 9, 64, 64);
var plain = nn.functional.conv2d(maps[0], convolution.Weight, convolution.Bias, padding: [1L, 1]);
Console.WriteLine($"deformable and ordinary agree: {(convolution.Forward(maps[0], offsets) - plain).abs().max().item<float>() < 1e-4}");
