namespace Ballast;

/// <summary>The usual mean beside means that treat classes otherwise: what one number hides under imbalance.</summary>
public sealed record ClassBalance
{
    /// <summary>Mean over classes, each counting the same (macro): COCO's AP.</summary>
    public required double Mean { get; init; }

    /// <summary>Mean over objects (micro): each class by its number of objects, so the frequent ones decide.</summary>
    public required double ObjectWeighted { get; init; }

    /// <summary>Mean of the means of rare, common and frequent classes, each group counting the same.</summary>
    public required double GroupBalanced { get; init; }

    /// <summary>AP of the worst class.</summary>
    public required double Worst { get; init; }

    /// <summary>Index of the worst class (the first of equal ones), or -1 when no class has truths.</summary>
    public required int WorstClass { get; init; }

    /// <summary>Mean AP of the worst tenth of the classes, at least one.</summary>
    public required double WorstTenth { get; init; }

    /// <summary>Reads the figures off an evaluation.</summary>
    public static ClassBalance Of(CocoEvaluation evaluation, FrequencyGroups? groups = null)
    {
        groups ??= FrequencyGroups.By(evaluation.Truth);
        var classes = evaluation.Classes.Where(c => c.Objects > 0).ToArray();
        var sorted = classes.OrderBy(c => c.Figures.AP).ToArray();
        return new()
        {
            Mean = CocoFigures.Mean(classes.Select(c => c.Figures.AP)),
            ObjectWeighted = classes.Length == 0 ? double.NaN : classes.Sum(c => c.Figures.AP * c.Objects) / classes.Sum(c => (double)c.Objects),
            GroupBalanced = CocoFigures.Mean(Enum.GetValues<Frequency>().Select(group => CocoFigures.Mean(classes.Where(c => groups.Of[c.Index] == group).Select(c => c.Figures.AP)))),
            Worst = sorted.Length == 0 ? double.NaN : sorted[0].Figures.AP,
            WorstClass = sorted.Length == 0 ? -1 : sorted[0].Index,
            WorstTenth = CocoFigures.Mean(sorted.Take(Math.Max(1, sorted.Length / 10)).Select(c => c.Figures.AP)),
        };
    }
}
