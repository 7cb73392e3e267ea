using System.Globalization;

namespace Ballast;

/// <summary>Assigners, samplers and levels.</summary>
public sealed partial class RemedyPainter
{
    private const int MostDrawn = 30;
    private const int BackgroundPerObject = 3;
    private const int Opaque = 255;

    private static readonly Rgb ObjectColour = new(0x4C, 0xC9, 0xF0);
    private static readonly Rgb LeftOutColour = new(0xFF, 0xB7, 0x03);
    private static readonly Rgb BackgroundColour = new(0xFF, 0x4D, 0x8D);

    private static readonly Rgb[] LevelColours =
        [new(0xFF, 0x4D, 0x8D), new(0xFF, 0xB7, 0x03), new(0x7A, 0xE5, 0x82), new(0x4C, 0xC9, 0xF0), new(0xB4, 0x8C, 0xFF), new(0xFF, 0xFF, 0xFF)];

    private List<PicturePanel> AssignerPanels(PaintedScene scene)
    {
        var asked = RecipeReader.Parse<Assigner>(_remedy.Recipe);
        var panels = new List<PicturePanel> { AssignerPanel(scene, $"max-iou, as {_profile.Name} has it", _profile.Assigner) };
        if (asked is not MaxIoUAssigner) panels.Add(AssignerPanel(scene, _remedy.Kind, asked));
        return panels;
    }

    private static PicturePanel AssignerPanel(PaintedScene painted, string title, Assigner assigner)
    {
        var scene = painted.Scene;
        scene.Assign(assigner);
        var isPerPlace = scene.Assignment.Count != scene.Anchors.Count;
        var perPlace = scene.Anchors.Count / Math.Max(1, scene.Assignment.Count);
        int[] truths = [.. scene.Assignment.Truths];
        int[] positives = [.. Enumerable.Range(0, truths.Length).Where(i => truths[i] >= 0)];
        int[] leftOut = [.. Enumerable.Range(0, truths.Length).Where(i => truths[i] == Assignment.Ignored)];
        var overlaps = positives.Select(i => (double)scene.Assignment.Overlaps[i]).DefaultIfEmpty(0).Average();
        var without = scene.Truths.Count - positives.Select(i => truths[i]).Distinct().Count();
        var best = isPerPlace ? [] : positives.GroupBy(i => truths[i]).Select(group => group.MaxBy(i => scene.Assignment.Overlaps[i])).ToArray();
        var anchors = scene.Anchors;
        return new(title, Paint,
        [
            new(PaintStyle.Light, $"{Plural(scene.Truths.Count, "object", "objects")}{(without > 0 ? $"; {without} without a positive anchor" : "")}"),
            new(ObjectColour, $"{Plural(positives.Length, "positive", "positives")} (dots: centres{(isPerPlace ? "" : "; frames: each object's best")}){(overlaps > 0 ? $", mean IoU {Two(overlaps)}" : "")}"),
            new(LeftOutColour, $"{Number(leftOut.Length)} left out of training"),
            new(null, $"{Number(truths.Length - positives.Length - leftOut.Length)} background: not drawn; {(isPerPlace ? "places" : "anchors")} in all: {Number(truths.Length)}"),
        ]);

        void Paint(Pixels picture)
        {
            foreach (var i in leftOut) painted.PaintCentre(picture, anchors.Boxes[i * perPlace], LeftOutColour, Opaque);
            painted.PaintObjects(picture);
            foreach (var i in best) painted.PaintAnchor(picture, anchors.Boxes[i], ObjectColour, Opaque);
            foreach (var i in positives) painted.PaintCentre(picture, anchors.Boxes[i * perPlace], ObjectColour, Opaque);
        }
    }

    /// <summary>The article's figure 5: the same candidates, as many of each kind, picked three ways; and the asked one where it is none of these.</summary>
    private List<PicturePanel> SamplerPanels(PaintedScene scene)
    {
        scene.Scene.Assign();
        var positives = scene.Scene.Assignment.Truths.ToArray().Count(truth => truth >= 0);
        var count = Math.Max(4, (1 + BackgroundPerObject) * positives);
        const double fraction = 1.0 / (1 + BackgroundPerObject);
        var panels = new List<PicturePanel>
        {
            SamplerPanel(scene, "random", new RandomSampler { Count = count, PositiveFraction = fraction }),
            SamplerPanel(scene, "hard-negative-mining, 3 : 1", new HardNegativeMiningSampler { NegativesPerPositive = BackgroundPerObject }),
            SamplerPanel(scene, "iou-balanced-negative, 3 bins", new IoUBalancedNegativeSampler { Count = count, PositiveFraction = fraction, BinRange = IoUBinRange.Negatives }),
        };
        if (_remedy.Kind is not ("random" or "hard-negative-mining" or "iou-balanced-negative"))
            panels.Add(SamplerPanel(scene, _remedy.Kind, RecipeReader.Parse<Sampler>(_remedy.Recipe)));
        return panels;
    }

    private static PicturePanel SamplerPanel(PaintedScene painted, string title, Sampler sampler)
    {
        var scene = painted.Scene;
        var weights = scene.Weigh(sampler);
        int[] objects = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0 && scene.Assignment.Truths[i] >= 0)];
        int[] background = [.. Enumerable.Range(0, weights.Length).Where(i => weights[i] > 0 && scene.Assignment.Truths[i] < 0)];
        var overlaps = background.Select(i => (double)scene.Assignment.Overlaps[i]).ToArray();
        var drawn = Spread(background, overlaps);
        var anchors = scene.Anchors;
        List<CaptionLine> lines =
        [
            new(ObjectColour, $"{Plural(objects.Length, "anchor", "anchors")} on objects picked (dots: centres)"),
            new(BackgroundColour, $"{Number(background.Length)} of background picked{(drawn.Length < background.Length ? $", {drawn.Length} drawn, evenly from high to low IoU" : "")}"),
            new(null, $"mean IoU of picked background with the nearest object {Two(overlaps.DefaultIfEmpty(0).Average())}; {Share(overlaps.Count(overlap => overlap == 0), overlaps.Length)} overlap nothing"),
        ];
        if (sampler.Needs.HasFlag(CandidateNeeds.Losses)) lines.Add(new(null, "no network: the loss of background stands in by its IoU with the nearest object, that of objects by 1 - IoU"));
        return new(title, Paint, lines);

        void Paint(Pixels picture)
        {
            painted.PaintObjects(picture);
            foreach (var i in drawn) painted.PaintAnchor(picture, anchors.Boxes[i], BackgroundColour, Opaque);
            foreach (var i in objects) painted.PaintCentre(picture, anchors.Boxes[i], ObjectColour, Opaque);
        }
    }

    /// <summary>The level that each object is learned on, or pooled from.</summary>
    private PicturePanel LevelPanel(PaintedScene painted)
    {
        var (rule, truths) = (new LevelRule(_profile), painted.Scene.Truths);
        var levels = Enumerable.Range(0, truths.Count).Select(truth => rule.LevelOf(truths.Boxes[truth])).ToArray();
        var lines = rule.Names.Select((name, level) => new CaptionLine(ColourOf(level), Line(name, level))).ToList();
        lines.Add(new(null, _profile.PoolsRegions
            ? "level = floor(4 + log2(sqrt(w h) / 224)): where a region is taken out of the pyramid"
            : $"the level whose anchors fit the object's size at input {_profile.Input}"));
        return new($"{_remedy.Kind}: pyramid levels", Paint, lines);

        string Line(string name, int level)
        {
            var upper = level == rule.Count - 1 ? " px and more" : $" to {Number((long)Math.Round(rule.LowerSide(level + 1)))} px";
            var lower = level == 0 ? "0" : Number((long)Math.Round(rule.LowerSide(level)));
            return $"{name}: {Plural(levels.Count(each => each == level), "object", "objects")} (side {lower}{upper} after the resize)";
        }

        void Paint(Pixels picture)
        {
            var line = Math.Max(2, PaintStyle.For(picture).Line);
            for (var truth = 0; truth < levels.Length; truth++)
            {
                if (painted.Place(truths.Boxes[truth]) is not { } place) continue;
                Drawing.Frame(picture, place.Grow(1), line + 2, PaintStyle.Dark, 150);
                Drawing.Frame(picture, place, line, ColourOf(levels[truth]));
            }
        }
    }

    private static Rgb ColourOf(int level) => LevelColours[level % LevelColours.Length];

    /// <summary>At most <see cref="MostDrawn"/> of the candidates, evenly from high to low overlap.</summary>
    private static int[] Spread(int[] candidates, double[] overlaps)
    {
        var order = Enumerable.Range(0, candidates.Length).OrderByDescending(i => overlaps[i]).ThenBy(i => candidates[i]).Select(i => candidates[i]).ToArray();
        return order.Length <= MostDrawn ? order : [.. Enumerable.Range(0, MostDrawn).Select(i => order[(int)((long)i * (order.Length - 1) / (MostDrawn - 1))])];
    }

    private static string Plural(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Two(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Share(long part, long all) => all == 0 ? "0 %" : $"{(100.0 * part / all).ToString("0", CultureInfo.InvariantCulture)} %";
}
