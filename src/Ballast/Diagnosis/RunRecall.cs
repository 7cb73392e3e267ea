namespace Ballast;

/// <summary>
/// Class imbalance after treatment: what the detector finds of the objects it is trained on against those it is not. A rare class that is found in training and missed in
/// validation was learned by heart: showing the same few objects more often does not help it.
/// </summary>
internal sealed class RunRecall : RunDiagnostic
{
    // Looks at training objects are small; the last third of the epochs is taken together.
    private const int LastShare = 3;
    private const double Z = 1.959963984540054;

    public override string Id => "class-foreground-run";

    protected override Finding Conclude(DiagnosisContext context, RunTelemetry run)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "class",
            Subject = "learned by heart",
            Verdict = Verdict.CannotTell,
            Headline = "cannot tell: the run recorded no recall of training and validation objects",
            Meaning = "A class that is found among the training objects and missed among the others was memorised, as happens to rare classes that are shown over and over.",
        };
        if (run.Recalls.Count == 0) return frame;
        var last = run.Recalls.TakeLast((run.Recalls.Count + LastShare - 1) / LastShare).ToArray();
        ClassRecall[] classes = [.. Enumerable.Range(0, context.Classes.Count).Select(@class => Of(context.Classes[@class], @class, last))];
        var judged = classes.Where(each => Math.Min(each.TrainingObjects, each.ValidationObjects) >= Verdicts.FewestObjects).ToArray();
        frame = frame with { Tables = [RecallTable(classes)], Figures = [Bars(classes), .. Curves(context, run)] };
        if (judged.Length == 0) return frame with { Headline = $"cannot tell: no class has {Verdicts.FewestObjects} objects on both sides among those that were looked at" };
        var worst = judged.MaxBy(each => each.Gap.Value)!;
        var judgement = Verdicts.RecallGap.Judge(worst.Gap);
        return frame with
        {
            Verdict = judgement.Verdict,
            Headline = Headline(worst, judgement),
            Deciding = "worst-gap",
            Measures =
            [
                worst.Gap.As("worst-gap", $"recall in training less recall in validation of {worst.Name}, the class where it is largest; 0 when nothing is learned by heart") with { Unit = "%", Label = "recall lost outside training, worst class" },
                new("mean-gap", judged.Average(each => each.Gap.Value), null, null, "the same, mean over classes") { Unit = "%", Label = "recall lost outside training, mean" },
            ],
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context),
        };
    }

    /// <summary>The difference of two shares with the interval of Newcombe (1998, method 10), from Wilson's of each.</summary>
    internal static Estimate Difference(long found, long of, long otherFound, long otherOf)
    {
        var ((a, aLow, aHigh), (b, bLow, bHigh)) = (Wilson(found, of), Wilson(otherFound, otherOf));
        return new(a - b, a - b - Math.Sqrt(((a - aLow) * (a - aLow)) + ((bHigh - b) * (bHigh - b))), a - b + Math.Sqrt(((aHigh - a) * (aHigh - a)) + ((b - bLow) * (b - bLow))));
    }

    private static (double Value, double Low, double High) Wilson(long found, long of)
    {
        var (share, shrink) = ((double)found / of, 1 + (Z * Z / of));
        var (center, half) = ((share + (Z * Z / (2.0 * of))) / shrink, Z / shrink * Math.Sqrt((share * (1 - share) / of) + (Z * Z / (4.0 * of * of))));
        return (share, Math.Max(0, center - half), Math.Min(1, center + half));
    }

    /// <summary>The same validation objects are looked at after every epoch, so only the last look counts them; training objects are others each time.</summary>
    private static ClassRecall Of(string name, int @class, RecallLine[] lines)
    {
        var (objects, found) = (lines.Sum(line => line.TrainingObjects[@class]), lines.Sum(line => line.TrainingFound[@class]));
        return new(name, objects, found, lines[^1].ValidationObjects[@class], lines[^1].ValidationFound[@class]);
    }

    private static string Headline(ClassRecall worst, Judgement judgement)
    {
        var shares = $"{Phrases.Percent(worst.TrainingFound / (double)worst.TrainingObjects)} of {worst.Name} in training and {Phrases.Percent(worst.ValidationFound / (double)worst.ValidationObjects)} in validation";
        var gap = $"{Phrases.Percent(worst.Gap.Value)}{Phrases.Interval(worst.Gap, Phrases.Percent)}";
        return judgement.Verdict == Verdict.Balanced
            ? $"no class is learned by heart: at most {gap} of recall is lost outside training ({worst.Name})"
            : $"{shares} are found: {gap} of recall is lost outside training{judgement.Doubt(Math.Min(worst.TrainingObjects, worst.ValidationObjects), "objects")}";
    }

    private static BarFigure Bars(ClassRecall[] classes) => new()
    {
        Title = "Objects found in training and in validation, last epochs",
        XLabel = "share of the class's objects",
        Categories = [.. classes.Select(each => each.Name)],
        Series = [new("training", [.. classes.Select(each => (double)each.TrainingFound / each.TrainingObjects)]), new("validation", [.. classes.Select(each => (double)each.ValidationFound / each.ValidationObjects)])],
        Percent = true,
    };

    private static IEnumerable<Figure> Curves(DiagnosisContext context, RunTelemetry run)
    {
        if (run.Recalls.Count < 2) yield break;
        const int most = 6;
        int[] rarest = [.. Enumerable.Range(0, context.Classes.Count).OrderBy(@class => run.Recalls[^1].TrainingObjects[@class]).Take(most)];
        yield return new CurveFigure
        {
            Title = rarest.Length < context.Classes.Count ? $"Recall lost outside training over epochs, {most} rarest classes" : "Recall lost outside training over epochs",
            XLabel = "epoch",
            YLabel = "recall in training less recall in validation",
            X = [.. run.Recalls.Select(line => (double)line.Epoch)],
            Series = [.. rarest.Select(@class => new Series(context.Classes[@class], [.. run.Recalls.Select(line => Gap(line, @class))]) { Class = @class })],
            Percent = true,
        };

        static double Gap(RecallLine line, int @class)
            => ((double)line.TrainingFound[@class] / line.TrainingObjects[@class]) - ((double)line.ValidationFound[@class] / line.ValidationObjects[@class]);
    }

    private static Table RecallTable(ClassRecall[] classes) => new(
        "objects found, last epochs",
        ["class", "training objects", "found", "validation objects", "found", "lost outside training"],
        [.. classes.Select(each => (IReadOnlyList<string>)
        [
            each.Name,
            $"{each.TrainingObjects:N0}",
            Phrases.Percent((double)each.TrainingFound / each.TrainingObjects),
            $"{each.ValidationObjects:N0}",
            Phrases.Percent((double)each.ValidationFound / each.ValidationObjects),
            $"{Phrases.Percent(each.Gap.Value)}{Phrases.Interval(each.Gap, Phrases.Percent)}",
        ])]);

    private static IReadOnlyList<Advice> Remedies(DiagnosisContext context) =>
    [
        new()
        {
            Title = "augment instead of repeating",
            Effect = "the same objects in other places, sizes and light, so that they cannot be learned by heart",
            Cost = "images are made while training; a few epochs more",
            Command = $"ballast rebalance {context.DataArgument} --augment",
            CommandExists = false,
            Paper = "Ghiasi et al. 2021, arXiv:2012.07177",
        },
        new()
        {
            Title = "class-balanced loss",
            Effect = "rare classes weigh more without being shown more often",
            Cost = "none in time",
            Command = context.Train(context.ClassBalanced),
            Paper = "Cui et al. 2019, arXiv:1901.05555",
        },
    ];

    private sealed record ClassRecall(string Name, long TrainingObjects, long TrainingFound, long ValidationObjects, long ValidationFound)
    {
        public Estimate Gap { get; } = TrainingObjects > 0 && ValidationObjects > 0
            ? Difference(TrainingFound, TrainingObjects, ValidationFound, ValidationObjects)
            : new(double.NaN, double.NaN, double.NaN);
    }
}
