namespace Ballast.Tests;

public class DataFindingTests
{
    [Fact]
    public void One_part_says_so()
    {
        var finding = Diagnosis.Of(MadeData.WithCounts([100, 20])).Finding("data");
        Assert.Equal(Verdict.CannotTell, finding.Verdict);
        Assert.StartsWith("one part only", finding.Headline, StringComparison.Ordinal);
        Assert.True(double.IsNaN(finding.Value("divergence")));
    }

    [Fact]
    public void Parts_drawn_alike_are_balanced()
    {
        var finding = Diagnosis.Of(Parts(3000, (i, _) => (Drawn(i, 1) < 0.2 ? 1 : 0, 40 + (30 * Drawn(i, 2))))).Finding("data");
        Assert.Equal(Verdict.Balanced, finding.Verdict);
        Assert.InRange(finding.Value("divergence"), 0, 0.01);
    }

    [Fact]
    public void A_part_of_other_sizes_is_severe_and_named()
    {
        var finding = Diagnosis.Of(Parts(200, (i, part) => (i % 3 == 0 ? 1 : 0, part == "val" ? 150 : 40))).Finding("data");
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.StartsWith("val differs from train in object sizes", finding.Headline, StringComparison.Ordinal);
        Assert.InRange(finding.Value("divergence-sizes"), 0.9, 1);
        Assert.InRange(finding.Value("divergence-classes"), 0, 0.02);
        Assert.Contains(finding.Remedies, advice => advice.Command.Contains("ballast split", StringComparison.Ordinal));
    }

    [Fact]
    public void A_class_that_a_part_lacks_is_named()
    {
        var finding = Diagnosis.Of(Parts(400, (i, part) => (part == "train" && i % 33 == 0 ? 1 : 0, 40))).Finding("data");
        Assert.Equal(1, finding.Value("absent-classes"));
        Assert.Contains("val has no b", finding.Headline, StringComparison.Ordinal);
        Assert.NotEqual(Verdict.Balanced, finding.Verdict);
    }

    [Fact]
    public void Copies_in_two_parts_are_leaks_and_copies_in_one_are_not()
    {
        var folder = Directory.CreateTempSubdirectory("ballast-leaks");
        try
        {
            byte[][] contents = [[1, 2, 3], [1, 2, 3], [9, 9, 9], [4, 5], [4, 5]];
            string[] parts = ["train", "val", "train", "train", "train"];
            var builder = new DatasetBuilder(BoxEncoding.CornerSize, FlawPolicy.Report);
            builder.AddClass("a", 1);
            for (var i = 0; i < contents.Length; i++)
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i}.jpg"), contents[i]);
                builder.AddImage(i + 1, $"{i}.jpg", 100, 100, parts[i]);
                builder.AddBox(i, 0, 10, 10, 20, 20);
            }

            var data = builder.Build("leaky", new DatasetSource("coco", Path.Combine(folder.FullName, "a.json"), FileTree.OpenTree(folder.FullName)));
            var finding = Diagnosis.Of(data).Finding("data");
            Assert.Equal(Verdict.Severe, finding.Verdict);
            Assert.Equal(2, finding.Value("leaked"));
            Assert.Equal(5, finding.Value("compared-images"));
            Assert.StartsWith("2 images stand in more than one part (train and val)", finding.Headline, StringComparison.Ordinal);
            Assert.Equal(["train: 0.jpg", "val: 1.jpg"], finding.Tables.Single(table => table.Title.StartsWith("images in", StringComparison.Ordinal)).Rows.Single());
            Assert.True(double.IsNaN(Diagnosis.Of(data, new DiagnosisOptions { CompareImages = false }).Finding("data").Value("leaked")));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Nothing_drifts_from_itself_and_a_new_mix_of_classes_does()
    {
        var before = Diagnosis.Summarize(MadeData.WithCounts([300, 100]));
        var same = Drift.Between(before, Diagnosis.Summarize(MadeData.WithCounts([300, 100])));
        Assert.Equal(0, same.Largest, 1e-12);
        var now = MadeData.WithCounts([100, 300]);
        var drift = Drift.Between(before, Diagnosis.Summarize(now));
        Assert.Equal(["classes", "sizes", "levels", "places", "boxes-per-image", "flaws"], drift.Measures.Select(measure => measure.Name));
        // JS of (3/4, 1/4) and (1/4, 3/4), base 2: 1 - H(1/4) = 0.1887; the noise of 400 boxes is far below.
        Assert.Equal(0.1887, drift.Measures[0].Divergence, 0.01);
        var finding = Diagnosis.Of(now, new DiagnosisOptions { Baseline = before }).Finding("data");
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.Equal(drift.Largest, finding.Value("drift"), 1e-12);
    }

    [Fact]
    public void Drift_matches_classes_by_name_not_by_place()
    {
        var boxes = Enumerable.Range(0, 20).Select(i => new MadeData.Image(640, 480, (0, 10, 10, 40, 40), (1, 90, 10, 40, 40), (0, 200, i, 40, 40))).ToArray();
        var swapped = boxes.Select(image => image with { Boxes = [.. image.Boxes.Select(box => box with { Class = 1 - box.Class })] });
        var drift = Drift.Between(Diagnosis.Summarize(MadeData.Of(["a", "b"], boxes)), Diagnosis.Summarize(MadeData.Of(["b", "a"], swapped)));
        Assert.Equal(0, drift.Largest, 1e-12);
    }

    [Fact]
    public void Drift_between_profiles_is_refused()
    {
        var data = MadeData.WithCounts([30, 10]);
        var other = Diagnosis.Summarize(data, new() { Profile = DetectorProfile.FasterRCNN });
        var error = Assert.Throws<InputException>(() => Drift.Between(other, Diagnosis.Summarize(data)));
        Assert.Contains("--profile", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Drift.Between(Diagnosis.Summarize(data, new() { Anchors = false }), Diagnosis.Summarize(data)).Largest, 1e-12);
    }

    /// <summary>Images of three boxes, three of four in train, the rest in val; class and side of each box come from its number and part.</summary>
    private static DetectionDataset Parts(int images, Func<int, string, (int Class, double Side)> box)
        => MadeData.Of(["a", "b"], Enumerable.Range(0, images).Select(i =>
        {
            var part = i % 4 == 3 ? "val" : "train";
            return new MadeData.Image(640, 480, [.. Enumerable.Range(0, 3).Select(k =>
            {
                var number = (i * 3) + k;
                var (@class, side) = box(number, part);
                return (@class, 480 * Drawn(number, 3), 320 * Drawn(number, 4), side, side);
            })]) { Part = part };
        }));

    /// <summary>A number in [0, 1) for a box and a purpose.</summary>
    private static double Drawn(int box, int purpose) => (StableHash.Of(purpose, box.ToString()) >> 11) * Math.ScaleB(1, -53);
}
