using CsCheck;

namespace Ballast.Tests.Assigning;

/// <summary>The windows of a grid against its every anchor: the same anchors, truths and overlaps, bit for bit.</summary>
public class SparseAssignmentTests
{
    private static readonly Gen<float> Coordinate = Gen.OneOf(
        Gen.Float[-40, 420], Gen.Int[-5, 50].Select(i => i * 8f), Gen.Int[0, 400].Select(i => i / 2f), Gen.OneOf(0f, 1e-3f, 320f, 319.999f, 16000f, -1e6f, 1e9f));

    private static readonly Gen<float> Length = Gen.OneOf(
        Gen.Float[0.5f, 400], Gen.Int[1, 40].Select(i => i * 4f), Gen.Float[1e-4f, 2], Gen.OneOf(1e-6f, 22f, 32f, 46f, 64f, 1e4f, 1e10f, 1e25f));

    private static readonly Gen<Box> Truth = Gen.Select(Coordinate, Coordinate, Length, Length, (x, y, w, h) => new Box(x, y, x + w, y + h)).Where(box => box.IsValid);

    /// <summary>Truths with copies, and with copies moved by a hair, among them.</summary>
    private static readonly Gen<Box[]> SomeTruths = Gen.Select(Truth.Array[0, 6], Gen.Int[0, 5].Array[0, 4], Gen.OneOf(0f, 0f, 8f, 1e-3f))
        .Select((truths, copies, move) => truths.Concat(copies.Where(i => i < truths.Length).Select(i => new Box(truths[i].X1 + move, truths[i].Y1, truths[i].X2 + move, truths[i].Y2)))
            .Where(box => box.IsValid).ToArray());

    private static readonly Gen<AnchorRule> Rule = Gen.OneOf(
        Gen.Const<AnchorRule>(new RoundedAnchors()),
        Gen.Float[0, 1].Select(offset => (AnchorRule)new ExactAnchors { CenterOffsetFraction = offset }),
        Gen.Bool.Select(stride => (AnchorRule)new DefaultBoxes { UseStride = stride, Clip = stride }));

    private static readonly Gen<AnchorLevelOptions> Level = Gen.Select(
        Gen.OneOf(Gen.Int[1, 70], Gen.OneOf(8, 16, 32, 64, 128)).Where(stride => stride >= 3),
        Gen.OneOf(Gen.Float[0.3f, 300], Gen.OneOf(8f, 32f, 40f, 50f, 1f)).Array[1, 3],
        Gen.OneOf(Gen.Float[0.1f, 8], Gen.OneOf(0.5f, 1f, 2f)).Array[1, 3],
        Gen.Int[3, 60],
        (stride, sizes, ratios, vertical) => new AnchorLevelOptions { Name = "L", Stride = stride, Sizes = [.. sizes], Ratios = [.. ratios], VerticalStride = vertical % 4 == 0 ? vertical : null });

    private static readonly Gen<AnchorGrid> Grid = Gen.Select(Rule, Level.Array[1, 3], Gen.Int[1, 300], Gen.Int[1, 300])
        .Select((rule, levels, width, height) => new AnchorOptions { Rule = rule, Levels = [.. levels] }.Grid(width, height));

    private static readonly Gen<float> Threshold = Gen.OneOf(Gen.Float[0.001f, 1], Gen.OneOf(0.3f, 0.4f, 0.5f, 0.7f, 1f, 1e-6f));

    private static readonly Gen<MaxIoUAssigner> Assigner = Gen.Select(
        Threshold, Gen.OneOf(Threshold, Gen.Const(0f)), Gen.OneOf(0f, 0f, 0.2f, 0.5f, 1e-7f), Gen.Enum<LowQualityRule>(), Gen.Bool, Gen.OneOf(0f, 1e-6f, 2000f), Gen.Int[0, 5],
        (positive, negative, minimum, rule, all, floor, special) => new MaxIoUAssigner
        {
            PositiveIoU = positive,
            NegativeIoU = negative,
            MinimumBestIoU = minimum,
            LowQuality = rule,
            TakeAllTies = all,
            UnionFloor = floor,
            NegativeFromIoU = special == 0 ? 0.1f : 0,
            IgnoreIoF = special == 1 ? 0.5f : -1,
        });

    [Fact]
    public void Windows_find_exactly_what_the_dense_form_finds()
        => Gen.Select(Grid, SomeTruths, Assigner, Truth).Sample((grid, boxes, assigner, ignored) => AssertEqual(grid, boxes, ignored, assigner, new SparseAssignment()), iter: Iterations);

    [Fact]
    public void Windows_find_exactly_what_the_dense_form_finds_with_the_usual_detectors()
        => Gen.Select(Gen.OneOf<DetectorProfile>(DetectorProfile.RetinaNet, DetectorProfile.FasterRCNN, DetectorProfile.Ssd), Gen.Int[1, 12], Gen.Int[1, 12], SomeTruths).Sample(
            (profile, width, height, boxes) => AssertEqual(profile.Anchors.Grid(width * 32, height * 32), boxes, new(0, 0, 1, 1), profile.Assigner, new SparseAssignment()), iter: Iterations / 10);

    [Fact]
    public void A_workspace_forgets_the_image_before()
    {
        var workspace = new SparseAssignment();
        Gen.Select(Grid, SomeTruths, Assigner, Truth).Sample((grid, boxes, assigner, ignored) => AssertEqual(grid, boxes, ignored, assigner, workspace), iter: Iterations / 10, threads: 1);
    }

    [Fact]
    public void Truths_where_two_anchors_tie_are_kept_by_both()
    {
        var profile = DetectorProfile.RetinaNet;
        AssertEqual(profile.Anchors.Grid(256, 256), [new(100, 96, 108, 104), new(100, 96, 108, 104), new(99, 96, 107, 104)], new(0, 0, 1, 1), profile.Assigner, new SparseAssignment());
        var (sparse, truths) = (new SparseAssignment(), new Truths());
        truths.Add(new(100, 96, 108, 104), 0);
        profile.Assigner.AssignSparse(profile.Anchors.Grid(256, 256), truths, sparse);
        Assert.True(sparse.Anchors.Count > 1);
        Assert.All(sparse.Overlaps, overlap => Assert.Equal(sparse.TruthBest[0], overlap));
    }

    [Fact]
    public void No_truths_leave_everything_background()
    {
        var sparse = new SparseAssignment();
        DetectorProfile.RetinaNet.Assigner.AssignSparse(DetectorProfile.RetinaNet.Anchors.Grid(256, 256), new Truths(), sparse);
        Assert.Empty(sparse.Anchors);
        Assert.Empty(sparse.TruthBest);
    }

    /// <summary>More on request: BALLAST_ITERATIONS multiplies.</summary>
    private static long Iterations => 2000L * (int.TryParse(Environment.GetEnvironmentVariable("BALLAST_ITERATIONS"), out var factor) ? factor : 1);

    private static void AssertEqual(AnchorGrid grid, Box[] boxes, Box ignored, MaxIoUAssigner assigner, SparseAssignment sparse)
    {
        var truths = new Truths();
        foreach (var box in boxes) truths.Add(box, 0);
        truths.Ignored.Add(ignored);
        assigner.AssignSparse(grid, truths, sparse);
        var anchors = PlainAnchors(grid);
        var expected = Plain(anchors, truths, assigner, out var truthBest);
        Assert.Equal(truthBest, sparse.TruthBest);
        var actual = Enumerable.Range(0, sparse.Anchors.Count).Select(i => (sparse.Anchors[i], sparse.Truths[i], sparse.Overlaps[i])).OrderBy(entry => entry.Item1).ToArray();
        Assert.Equal(expected, actual);
        AssertDenseEqual(grid, truths, assigner, expected);
    }

    private static void AssertDenseEqual(AnchorGrid grid, Truths truths, MaxIoUAssigner assigner, (int Anchor, int Truth, float Overlap)[] expected)
    {
        var dense = new Assignment();
        assigner.Assign(AnchorSet.Of(grid), truths, dense);
        var all = dense.Truths.ToArray();
        Assert.Equal(expected.Select(entry => (entry.Anchor, entry.Truth)), Enumerable.Range(0, all.Length).Where(i => all[i] != Assignment.Background).Select(i => (i, all[i])));
    }

    private static Box[] PlainAnchors(AnchorGrid grid) => [.. Enumerable.Range(0, grid.Count).Select(i => grid[i])];

    /// <summary>The rules of the assigner, written once more without any cleverness.</summary>
    private static (int Anchor, int Truth, float Overlap)[] Plain(Box[] anchors, Truths truths, MaxIoUAssigner assigner, out List<float> truthBest)
    {
        var matched = new int[anchors.Length];
        var largest = new float[anchors.Length];
        var overlaps = new float[truths.Count, anchors.Length];
        truthBest = [];
        var left = anchors.Select(anchor => assigner.IgnoreIoF > 0 && Overlap.Intersection(anchor, truths.Ignored[0]) / MathF.Max(anchor.Area, 1e-6f) > assigner.IgnoreIoF).ToArray();
        var bestOf = new int[anchors.Length];
        for (var i = 0; i < anchors.Length; i++)
        {
            largest[i] = float.NegativeInfinity;
            for (var truth = 0; truth < truths.Count; truth++)
            {
                overlaps[truth, i] = Overlap.IoU(truths.Boxes[truth], anchors[i], assigner.UnionFloor);
                if (overlaps[truth, i] > largest[i]) (largest[i], bestOf[i]) = (overlaps[truth, i], truth);
            }

            matched[i] = truths.Count == 0 ? Assignment.Background
                : largest[i] >= assigner.PositiveIoU ? bestOf[i]
                : largest[i] < assigner.NegativeIoU && largest[i] >= assigner.NegativeFromIoU ? Assignment.Background : Assignment.Ignored;
        }

        for (var truth = 0; truth < truths.Count; truth++)
        {
            var (best, bestOfAll) = (-1f, 0f);
            for (var i = 0; i < anchors.Length; i++)
            {
                bestOfAll = MathF.Max(bestOfAll, overlaps[truth, i]);
                if (!left[i]) best = MathF.Max(best, overlaps[truth, i]);
            }

            truthBest.Add(bestOfAll);
            if (assigner.LowQuality == LowQualityRule.None || best < assigner.MinimumBestIoU) continue;
            for (var i = 0; i < anchors.Length; i++)
            {
                if (left[i] || overlaps[truth, i] != best) continue;
                matched[i] = assigner.LowQuality == LowQualityRule.Restore ? bestOf[i] : truth;
                if (!assigner.TakeAllTies) break;
            }
        }

        return [.. Enumerable.Range(0, anchors.Length).Where(i => left[i] || matched[i] != Assignment.Background).Select(i => left[i]
            ? (i, Assignment.Ignored, truths.Count > 0 ? -1f : 0)
            : (i, matched[i], matched[i] >= 0 ? overlaps[matched[i], i] : largest[i]))];
    }
}
