#!/usr/bin/env dotnet
// Fine-tuning starts from somebody's weights: read a .pth or .safetensors file, see what it holds, load what fits into a module, and save the module again.
//   dotnet run samples/weights.cs -- FILE [SECTION]
#:project ../src/Ballast.Training/Ballast.Training.csproj
#:property UsesTorch=true
#:property RestorePackagesWithLockFile=false
using Ballast.Training;
using static TorchSharp.torch;

var folder = Directory.CreateTempSubdirectory("ballast-weights-");
try
{
    using var first = nn.Linear(4, 2);
    first.SaveWeights(Path.Combine(folder.FullName, "first.safetensors"), new Dictionary<string, string> { ["made"] = "by a sample" });

    var path = args.Length > 0 ? args[0] : Path.Combine(folder.FullName, "first.safetensors");
    using var file = WeightsFile.Read(path, args.Length > 1 ? args[1] : null);
    Console.WriteLine($"{file.Tensors.Count} tensors{(file.Section is { } section ? $" of '{section}'" : "")}:");
    foreach (var tensor in file.Tensors.Take(5)) Console.WriteLine($"  {tensor}");

    using var module = nn.Sequential(("head", nn.Linear(4, 2)));
    Console.WriteLine(module.Load(file));
}
finally
{
    folder.Delete(recursive: true);
}
