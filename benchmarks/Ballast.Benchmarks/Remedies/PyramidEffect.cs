using Ballast.Training;
using static TorchSharp.torch;

namespace Ballast.Benchmarks;

/// <summary>What a neck or RoI extractor costs. Times differ by machine, so they are written apart from what everyone must get.</summary>
internal static class PyramidEffect
{
    private const int Levels = 5;
    private const int Channels = 256;
    private const int Side = 320;

    private static readonly FeatureLevel[] ResNet = [new("C3", 8, 128), new("C4", 16, 256), new("C5", 32, 512)];
    private static readonly FeatureLevel[] Pyramid = [.. Enumerable.Range(2, 4).Select(level => new FeatureLevel($"P{level}", 1 << level, Channels))];

    public static string Of(Remedy remedy) => remedy.Family == RemedyFamily.Neck ? OfNeck(remedy) : OfExtractor(remedy);

    private static string OfNeck(Remedy remedy)
    {
        using var scope = NewDisposeScope();
        using var neck = RecipeReader.Parse<NeckOptions>(remedy.Recipe).Build(ResNet, Levels);
        using var frozen = no_grad();
        var maps = neck.Forward([.. ResNet.Select(level => zeros(1, level.Channels, Side / level.Stride, Side / level.Stride))]);
        var rows = neck.Outputs.Select((level, i) => new[] { level.Name, $"{level.Stride}", $"{maps[i].shape[2]} x {maps[i].shape[3]}" });
        var parameters = neck.parameters().Sum(parameter => parameter.numel());
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Over ResNet-18's C3, C4 and C5 with five levels: {parameters:N0} parameters. The maps of an input of {Side} x {Side}:\n\n")
            + MeasuredEffects.Table(["level", "stride", "cells"], rows);
    }

    private static string OfExtractor(Remedy remedy)
    {
        using var scope = NewDisposeScope();
        using var extractor = RecipeReader.Parse<RoIExtractorOptions>(remedy.Recipe).Build(Pyramid);
        using var frozen = no_grad();
        var rois = tensor(new float[] { 0, 10, 10, 42, 42, 0, 20, 20, 132, 132, 0, 0, 0, 300, 300 }, [3, 5]);
        var branches = extractor.Extract([.. Pyramid.Select(level => zeros(1, Channels, Side / level.Stride, Side / level.Stride))], rois);
        var values = branches.Sum(branch => branch.numel()) / rois.shape[0];
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Over P2 to P5: {extractor.Branches} RoIAlign a region, {values:N0} values of it, and {extractor.Branches} first {(extractor.Branches == 1 ? "layer" : "layers")} in the head.");
    }
}
