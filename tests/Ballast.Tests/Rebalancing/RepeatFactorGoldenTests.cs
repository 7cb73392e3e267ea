using Ballast.Tests.Golden;

namespace Ballast.Tests;

public class RepeatFactorGoldenTests
{
    public static TheoryData<string> MMDetection => GoldenCase.All("class_balanced_repeat_factors");

    [Theory]
    [MemberData(nameof(MMDetection))]
    public void Repeat_factors_equal_mmdetection(string name)
    {
        using var golden = GoldenCase.Load(name);
        var images = golden.Plain("categories_per_image").EnumerateArray()
            .Select(classes => new MadeData.Image(100, 100, [.. classes.EnumerateArray().Select(@class => (@class.GetInt32(), 10.0, 10.0, 20.0, 20.0))]));
        var data = MadeData.Of([.. Enumerable.Range(0, (int)golden.Number("num_classes", 0)).Select(i => $"c{i}")], images);
        var factors = ImageSampling.RepeatFactors(data, golden.Parameters.GetProperty("oversample_thr").GetDouble(), emptyIsClass: !golden.Flag("filter_empty_gt", true));
        var expected = golden.Doubles("repeat_factors");
        Assert.Equal(expected.Length, factors.Length);
        for (var i = 0; i < factors.Length; i++) Assert.Equal(expected[i], factors[i], 1e-12);
        Assert.Equal(golden.Integers("repeat_indices"), factors.SelectMany((factor, image) => Enumerable.Repeat(image, (int)Math.Ceiling(factor))));
    }
}
