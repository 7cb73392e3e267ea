namespace Ballast;

/// <summary>How sure the cost of an imbalance is: its 95 % interval when the images are drawn again.</summary>
/// <param name="Low">Lower bound, AP in [0, 1]; may be negative; NaN when it cannot be told.</param>
/// <param name="High">Upper bound; NaN when it cannot be told.</param>
/// <param name="Images">Images with objects of the slices that fall short.</param>
/// <param name="Objects">Objects of the slices that fall short.</param>
public sealed record CostInterval(double Low, double High, int Images, int Objects)
{
    /// <summary>Most replicates a cost is drawn in: it needs a standard error, not the tails.</summary>
    private const int MostReplicates = 200;

    /// <summary>Whether the imbalance costs AP beyond chance.</summary>
    public bool IsReal => Low > 0;

    /// <summary>
    /// Draws images again and weighs the slices as <see cref="SlicedFigures.Cost"/> does. Which slices fall short stays as it is on the whole data: a cost that may only
    /// be positive would be positive in every draw.
    /// </summary>
    /// <param name="figures">The figures along an axis.</param>
    /// <param name="replicates">AP of a slice in each replicate.</param>
    /// <param name="images">Which images hold objects of a slice.</param>
    /// <param name="allImages">Images of the truth.</param>
    internal static CostInterval Of(SlicedFigures figures, Func<int, double[]> replicates, Func<int, IEnumerable<int>> images, int allImages)
    {
        var reference = figures.Slices[figures.Reference];
        var lagging = Enumerable.Range(0, figures.Slices.Count).Where(i => figures.Slices[i].AP < reference.AP && figures.Shares[i] > 0).ToArray();
        var objects = lagging.Sum(i => figures.Slices[i].Objects);
        var holders = lagging.SelectMany(images).Distinct().Count();
        if (objects < FigureInterval.FewestObjects || holders < FigureInterval.FewestImages) return new(double.NaN, double.NaN, holders, objects);
        var of = replicates(figures.Reference);
        var costs = new double[of.Length];
        foreach (var i in lagging)
        {
            var slice = replicates(i);
            for (var r = 0; r < costs.Length; r++) costs[r] += figures.Shares[i] * (of[r] - slice[r]);
        }

        var usual = allImages >= FigureInterval.UsualImages && objects >= FigureInterval.UsualObjects;
        var reach = FigureInterval.Quantile(usual, holders) * FigureInterval.Deviation(costs);
        return new(figures.Cost - reach, figures.Cost + reach, holders, objects);
    }

    /// <summary>The draws costs are measured in.</summary>
    internal static ImageWeights Weights(DetectionDataset truth, int seed, int replicates) => new(truth.Images, seed, Math.Min(replicates, MostReplicates));
}
