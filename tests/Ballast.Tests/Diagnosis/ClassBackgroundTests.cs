using CsCheck;

namespace Ballast.Tests;

public sealed class ClassBackgroundTests
{
    private static readonly DetectorProfile Small = DetectorProfile.RetinaNet with { Input = new() { Short = 120, Long = 200 } };

    [Fact]
    public void Counts_equal_a_dense_look_at_every_anchor()
    {
        foreach (var profile in (DetectorProfile[])[Small, DetectorProfile.FasterRCNN with { Input = new() { Short = 96, Long = 160 } }])
        {
            var data = Scattered(12);
            var counts = Diagnosis.Summarize(data, new DiagnosisOptions { Profile = profile }).Whole;
            var expected = new DenseCounts(data, profile);
            Assert.Equal(expected.States, counts[ClassBackground.AnchorTally].Values().Select(value => (long)value));
            Assert.Equal(expected.Levels, counts[ClassBackground.LevelTally].Values().Select(value => (long)value));
            Assert.Equal(expected.Classes, counts[ClassBackground.ClassTally].Values().Select(value => (long)value));
            Assert.Equal(expected.Objects, counts[ClassBackground.ObjectTally].Values().Select(value => (long)value));
            Assert.Equal(expected.PositiveIoU, counts[IoUDistribution.PositiveTally].Values().Select(value => (long)value));
            Assert.Equal(expected.BestIoU, counts[IoUDistribution.BestTally].Values().Select(value => (long)value));
        }
    }

    [Fact]
    public void Tiny_objects_of_one_class_are_seen_to_find_no_anchor_and_a_remedy_cures_it()
    {
        // Like BCCD at short side 240: cells of 100 px, platelets of 38 px on 640 x 480, so 19 px at the input, under the smallest anchor of 32 px.
        var images = Enumerable.Range(0, 60).Select(i => new MadeData.Image(640, 480,
            (0, 40 + (i % 7 * 20), 60, 100, 104), (0, 300, 200 + (i % 5 * 10), 98, 96), (1, 500 - (i * 3), 100 + i, 38, 38)));
        var options = new DiagnosisOptions { Profile = DetectorProfile.RetinaNet with { Input = new() { Short = 240, Long = 320 } } };
        var finding = Diagnosis.Of(MadeData.Of(["cell", "platelet"], images), options).Finding("class-background");
        Assert.Equal(Verdict.Severe, finding.Verdict);
        Assert.Contains("only 0 % of class platelet match an anchor", finding.Headline, StringComparison.Ordinal);
        Assert.Equal(0, finding.Value("matched-worst"));
        var best = finding.Remedies[0];
        Assert.True(best.Computed && best.Gain > 0.3, best.Title);
        Assert.Contains("platelet 0 % -> 100 %", best.Effect, StringComparison.Ordinal);
        Assert.All(finding.Examples, example => Assert.Equal("no anchor matches", example.Group));
        Assert.NotEmpty(finding.Examples);
    }

    [Fact]
    public void Mining_and_sampling_tell_the_ratio_they_give()
    {
        var finding = Diagnosis.Of(Scattered(12), new DiagnosisOptions { Profile = Small with { UsualBackground = 1 } }).Finding("class-background");
        Assert.Contains("-> 1 : 3", finding.Remedies.Single(advice => advice.Title == "hard negative mining 3 : 1").Effect, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_sizes_boxes_or_anchors_it_says_what_is_missing()
    {
        Assert.Contains("known size", Conclude(MadeData.Of(["a"], [new(0, 0, (0, 1, 1, 5, 5))])).Headline, StringComparison.Ordinal);
        Assert.Contains("no usable box", Conclude(MadeData.Of(["a"], [new(100, 80)])).Headline, StringComparison.Ordinal);
        var without = Diagnosis.Of(Scattered(3), new DiagnosisOptions { Anchors = false }).Finding("class-background");
        Assert.Equal(Verdict.CannotTell, without.Verdict);
        Assert.Contains("--no-anchors", without.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Covered_area_is_the_union_as_a_pixel_grid_counts_it()
    {
        var box = Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[1, 12], Gen.Int[1, 12], (x, y, w, h) => new Corners(x, y, x + w, y + h));
        box.Array[0, 12].Sample(boxes =>
        {
            var grid = new bool[64, 64];
            foreach (var b in boxes)
            {
                for (var y = (int)b.Y1; y < b.Y2; y++)
                {
                    for (var x = (int)b.X1; x < b.X2; x++) grid[y, x] = true;
                }
            }

            return new CoveredArea().Of(boxes) == grid.Cast<bool>().Count(covered => covered);
        });
    }

    private static Finding Conclude(DetectionDataset data) => Diagnosis.Of(data, new DiagnosisOptions { Profile = Small }).Finding("class-background");

    private static DetectionDataset Scattered(int images) => MadeData.Of(["a", "b", "c"], Enumerable.Range(0, images).Select(i => new MadeData.Image(
        300 + (i * 17 % 90), 200 + (i * 29 % 120),
        [.. Enumerable.Range(0, i % 6).Select(k => ((i + k) % 3, (double)((i * 31) + (k * 47)) % 200, (double)((i * 13) + (k * 59)) % 120, 6.5 + (k * 17.25), 9 + (i * 5.5)))])));

    /// <summary>The same counts by writing out every anchor and looking at every pair.</summary>
    private sealed class DenseCounts
    {
        public DenseCounts(DetectionDataset data, DetectorProfile profile)
        {
            Levels = new long[profile.Anchors.Levels.Count * 3];
            Classes = new long[data.Classes.Count];
            Objects = new long[data.Classes.Count * 3];
            for (var image = 0; image < data.Images.Count; image++) Add(data, profile, image);
        }

        public long[] States { get; } = new long[3];

        public long[] Levels { get; }

        public long[] Classes { get; }

        public long[] Objects { get; }

        public long[] PositiveIoU { get; } = new long[IoUDistribution.Bins];

        public long[] BestIoU { get; } = new long[IoUDistribution.Bins];

        private void Add(DetectionDataset data, DetectorProfile profile, int image)
        {
            var objects = new ImageObjects();
            objects.Load(data, image, profile.Input);
            var truths = new Truths();
            for (var i = 0; i < objects.Count; i++) truths.Add(objects.ResizedBoxes[i], objects.Classes[i]);
            var anchors = AnchorSet.Of(profile.Grid(data.Images.Width(image), data.Images.Height(image)));
            var assignment = new Assignment();
            profile.Assigner.Assign(anchors, truths, assignment);
            var (strong, any, best) = (new bool[truths.Count], new bool[truths.Count], new float[truths.Count]);
            for (var anchor = 0; anchor < anchors.Count; anchor++)
            {
                var truth = assignment.Truths[anchor];
                var state = truth >= 0 ? 0 : truth == Assignment.Ignored ? 1 : 2;
                States[state]++;
                Levels[(anchors.Grid!.LevelOf(anchor) * 3) + state]++;
                for (var t = 0; t < truths.Count; t++) best[t] = Math.Max(best[t], Overlap.IoU(truths.Boxes[t], anchors.Boxes[anchor]));
                if (truth < 0) continue;
                var overlap = Overlap.IoU(truths.Boxes[truth], anchors.Boxes[anchor]);
                Classes[truths.Classes[truth]]++;
                any[truth] = true;
                strong[truth] |= overlap >= profile.Assigner.PositiveIoU;
                PositiveIoU[Math.Min(IoUDistribution.Bins - 1, (int)(overlap * IoUDistribution.Bins))]++;
            }

            for (var t = 0; t < truths.Count; t++)
            {
                Objects[(truths.Classes[t] * 3) + (strong[t] ? 0 : any[t] ? 1 : 2)]++;
                BestIoU[Math.Min(IoUDistribution.Bins - 1, (int)(best[t] * IoUDistribution.Bins))]++;
            }
        }
    }
}
