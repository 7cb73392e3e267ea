namespace Ballast;

/// <summary>The parts (or groups) of a data set beside each other: the largest is what the others are held against.</summary>
internal sealed class PartsView
{
    public PartsView(DiagnosisContext context)
    {
        Context = context;
        Word = context.Options.By == SliceBy.Group ? "group" : "part";
        Parts = [.. context.Summary.Slices.Where(slice => slice.Counts[DatasetSummary.ImageTally].Total() > 0)
            .Select(slice => new Overlay(slice.Name.Length > 0 ? slice.Name : $"(no {Word})", context.Classes, slice.Counts))];
        if (Parts.Count == 0) return;
        Largest = Parts.MaxBy(part => ImagesOf(part))!;
        var levels = new LevelRule(context.Profile);
        Compared = [.. Parts.Where(part => part != Largest && CanBeJudged(part) && CanBeJudged(Largest)).Select(part => (part, Divergence.Between(part, Largest, levels)))];
        Worst = Compared.SelectMany(pair => pair.Divergences.Select(divergence => (pair.Part, Divergence: divergence)))
            .Where(pair => double.IsFinite(pair.Divergence.Value.Value)).OrderByDescending(pair => pair.Divergence.Value.Value).FirstOrDefault();
        Absent = [.. Parts.Where(CanBeJudged).SelectMany(AbsentFrom)];
    }

    public DiagnosisContext Context { get; }

    /// <summary>"part" or "group".</summary>
    public string Word { get; }

    /// <summary>Parts with images.</summary>
    public IReadOnlyList<Overlay> Parts { get; }

    /// <summary>The part with the most images.</summary>
    public Overlay? Largest { get; }

    /// <summary>Each other part with enough boxes and images, and how it differs from the largest.</summary>
    public IReadOnlyList<(Overlay Part, IReadOnlyList<Divergence> Divergences)> Compared { get; } = [];

    /// <summary>The property and part that differ most; nulls when nothing can be compared.</summary>
    public (Overlay? Part, Divergence? Divergence) Worst { get; }

    /// <summary>Classes with enough boxes in all that a part has none of.</summary>
    public IReadOnlyList<(int Class, Overlay Part)> Absent { get; } = [];

    public static long ImagesOf(Overlay part) => part.Counts[DatasetSummary.ImageTally].Total();

    public static long BoxesOf(Overlay part) => part.Counts[ClassForeground.BoxTally].Total();

    private static bool CanBeJudged(Overlay part) => BoxesOf(part) >= Verdicts.FewestObjects && ImagesOf(part) >= Verdicts.FewestImages;

    private IEnumerable<(int Class, Overlay Part)> AbsentFrom(Overlay part)
    {
        var (all, here) = (Context.Counts[ClassForeground.BoxTally], part.Counts[ClassForeground.BoxTally]);
        for (var @class = 0; @class < all.Cells; @class++)
        {
            if (all[@class] >= Verdicts.FewestObjects && here[@class] == 0) yield return (@class, part);
        }
    }
}
