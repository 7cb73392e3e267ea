namespace Ballast.Benchmarks;

/// <summary>What one anchor a place could reach, if places and shapes were predicted without error, beside the profile's anchors.</summary>
internal static class AnchoringEffect
{
    public static string Of(MatchedImages images)
    {
        var (given, guided) = (new Reach(), new Reach());
        double places = 0, centers = 0, leftOut = 0;
        foreach (var scene in images.Assigned)
        {
            var grid = scene.Anchors.Grid!;
            var targets = new LocationTargets { AnchorScale = 4 };
            var (map, weights) = (new float[LocationTargets.Cells(grid)], new float[LocationTargets.Cells(grid)]);
            targets.Draw(grid, scene.Truths, map, weights);
            (places, centers, leftOut) = (places + map.Length, centers + map.Count(value => value > 0), leftOut + weights.Count(weight => weight == 0));
            given.Anchors += grid.Count;
            guided.Anchors += map.Count(value => value > 0);
            for (var truth = 0; truth < scene.Truths.Count; truth++)
            {
                var box = scene.Truths.Boxes[truth];
                given.Add(Best(Enumerable.Range(0, grid.Count).Select(anchor => grid[anchor]), box));
                guided.Add(Best(Centers(targets, grid, box).Select(place => new Box(place.X - (box.Width / 2), place.Y - (box.Height / 2), place.X + (box.Width / 2), place.Y + (box.Height / 2))), box));
            }
        }

        var count = images.Count;
        var table = MeasuredEffects.Table(
            ["", "the profile's anchors", "an anchor at each centre, of its object's shape"],
            [
                ["anchors an image", MeasuredEffects.Number(given.Anchors / count), MeasuredEffects.Number(guided.Anchors / count)],
                ["best IoU with an object (mean)", MeasuredEffects.Number(given.Mean), MeasuredEffects.Number(guided.Mean)],
                ["best IoU with an object (least of the best nine in ten)", MeasuredEffects.Number(given.NineInTen), MeasuredEffects.Number(guided.NineInTen)],
            ]);
        return $"RetinaNet's anchors at input side 480 on the first {count} images of {images.Name}, beside what guided anchoring could reach if it predicted places and shapes without error. "
            + $"Of {MeasuredEffects.Number(places / count)} places an image, {MeasuredEffects.Number(centers / count)} are taught to be a centre and {MeasuredEffects.Number(leftOut / count)} are left out.\n\n{table}";
    }

    private static float Best(IEnumerable<Box> anchors, Box truth) => anchors.Select(anchor => Overlap.IoU(anchor, truth)).DefaultIfEmpty(0).Max();

    /// <summary>The middles of the places that are taught to be the centre of an object, pixels.</summary>
    private static IEnumerable<(float X, float Y)> Centers(LocationTargets targets, AnchorGrid grid, Box truth)
    {
        var (truths, map, weights) = (new Truths(), new float[LocationTargets.Cells(grid)], new float[LocationTargets.Cells(grid)]);
        truths.Add(truth, 0);
        targets.Draw(grid, truths, map, weights);
        var place = 0;
        foreach (var level in grid.Levels)
        {
            for (var cell = 0; cell < level.Width * level.Height; cell++, place++)
            {
                if (map[place] > 0) yield return (cell % level.Width * level.StrideX, cell / level.Width * level.StrideY);
            }
        }
    }

    /// <summary>How well the best anchor of each object overlaps it.</summary>
    private sealed class Reach
    {
        private readonly List<float> _best = [];

        public double Anchors { get; set; }

        public double Mean => _best.Average();

        public double NineInTen => _best.Order().ElementAt(_best.Count / 10);

        public void Add(float best) => _best.Add(best);
    }
}
