namespace Ballast.Tests.Evaluation;

/// <summary>COCO's evaluation written down step by step, slow and plain: the twin that the fast one is held against.</summary>
internal sealed class PlainEvaluation(Scene scene, double[] thresholds, (double Low, double High)[] areas, int[] limits)
{
    private sealed record Outcome(double[] Scores, bool[][] Hit, bool[][] Ignored, bool[] TruthIgnored);

    /// <summary>AP by [class][threshold][area] at the largest limit; NaN without truth.</summary>
    public double[][][] Precision { get; } = Cells(scene.ClassCount, thresholds.Length, areas.Length);

    /// <summary>Recall by [class][threshold][area x limits + limit].</summary>
    public double[][][] Recall { get; } = Cells(scene.ClassCount, thresholds.Length, areas.Length * limits.Length);

    public PlainEvaluation Run()
    {
        for (var k = 0; k < scene.ClassCount; k++)
        {
            for (var a = 0; a < areas.Length; a++)
            {
                var outcomes = Enumerable.Range(0, scene.ImageCount).OrderBy(i => scene.ImageIds[i]).Select(i => Match(i, k, areas[a])).OfType<Outcome>().ToList();
                for (var t = 0; t < thresholds.Length; t++)
                {
                    for (var m = 0; m < limits.Length; m++)
                    {
                        var (precision, recall) = Accumulate(outcomes, t, limits[m]);
                        Recall[k][t][(a * limits.Length) + m] = recall;
                        if (m == limits.Length - 1) Precision[k][t][a] = precision;
                    }
                }
            }
        }

        return this;
    }

    private Outcome? Match(int image, int k, (double Low, double High) area)
    {
        var truths = scene.Truths.Where(truth => truth.Image == image && truth.Class == k).ToList();
        var detections = scene.Detections.Where(d => d.Image == image && d.Class == k).OrderBy(d => -d.Score).Take(limits[^1]).ToList();
        if (truths.Count == 0 && detections.Count == 0) return null;
        bool LeftOut(Scene.Truth truth)
        {
            var size = double.IsNaN(truth.Area) ? truth.Width * truth.Height : truth.Area;
            return (truth.Marks & BoxMarks.Crowd) != 0 || size < area.Low || size > area.High;
        }

        truths = [.. truths.OrderBy(LeftOut)];
        var truthIgnored = truths.Select(LeftOut).ToArray();
        var hit = Table(thresholds.Length, detections.Count);
        var ignored = Table(thresholds.Length, detections.Count);
        for (var t = 0; t < thresholds.Length; t++)
        {
            var taken = new bool[truths.Count];
            for (var d = 0; d < detections.Count; d++)
            {
                var best = Math.Min(thresholds[t], 1 - 1e-10);
                var match = -1;
                for (var g = 0; g < truths.Count; g++)
                {
                    var crowd = (truths[g].Marks & BoxMarks.Crowd) != 0;
                    if (taken[g] && !crowd) continue;
                    if (match > -1 && !truthIgnored[match] && truthIgnored[g]) break;
                    var overlap = IoU(detections[d], truths[g], crowd);
                    if (overlap < best) continue;
                    best = overlap;
                    match = g;
                }

                if (match >= 0)
                {
                    taken[match] = true;
                    hit[t][d] = true;
                    ignored[t][d] = truthIgnored[match];
                }
                else
                {
                    var size = detections[d].Width * detections[d].Height;
                    ignored[t][d] = size < area.Low || size > area.High;
                }
            }
        }

        return new([.. detections.Select(d => d.Score)], hit, ignored, truthIgnored);
    }

    private static (double Precision, double Recall) Accumulate(List<Outcome> outcomes, int t, int limit)
    {
        var positives = outcomes.Sum(outcome => outcome.TruthIgnored.Count(ignored => !ignored));
        if (positives == 0) return (double.NaN, double.NaN);
        var all = outcomes.SelectMany(outcome => outcome.Scores.Take(limit).Select((score, d) => (score, Hit: outcome.Hit[t][d], Ignored: outcome.Ignored[t][d])))
            .OrderBy(detection => -detection.score).ToList();
        var precisions = new List<double>();
        var recalls = new List<double>();
        var (hits, misses) = (0, 0);
        foreach (var (_, hit, ignored) in all)
        {
            if (hit && !ignored) hits++;
            if (!hit && !ignored) misses++;
            precisions.Add(hits / (misses + hits + Math.BitIncrement(1.0) - 1));
            recalls.Add((double)hits / positives);
        }

        for (var i = precisions.Count - 1; i > 0; i--) precisions[i - 1] = Math.Max(precisions[i - 1], precisions[i]);
        var sum = 0.0;
        for (var r = 0; r <= 100; r++)
        {
            var at = recalls.FindIndex(recall => recall >= r * 0.01);
            if (at >= 0) sum += precisions[at];
        }

        return (sum / 101, recalls.Count == 0 ? 0 : recalls[^1]);
    }

    private static double IoU(Detection d, Scene.Truth g, bool crowd)
    {
        var width = Math.Min(d.X + d.Width, g.X + g.Width) - Math.Max(d.X, g.X);
        var height = Math.Min(d.Y + d.Height, g.Y + g.Height) - Math.Max(d.Y, g.Y);
        if (width <= 0 || height <= 0) return 0;
        var inter = width * height;
        return inter / (crowd ? d.Width * d.Height : (d.Width * d.Height) + (g.Width * g.Height) - inter);
    }

    private static double[][][] Cells(int a, int b, int c)
        => [.. Enumerable.Range(0, a).Select(_ => Enumerable.Range(0, b).Select(_ => new double[c]).ToArray())];

    private static bool[][] Table(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new bool[columns])];
}
