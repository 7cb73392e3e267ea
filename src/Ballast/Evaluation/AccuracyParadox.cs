namespace Ballast;

/// <summary>The question "is this class in the image?" for one class, answered by a detector and by a model that sees nothing.</summary>
/// <param name="Index">Class index.</param>
/// <param name="Images">Images with the class.</param>
/// <param name="Accuracy">Share of the images answered rightly: the figure that deceives.</param>
/// <param name="Balanced">Mean of the shares answered rightly among images with and without the class; NaN when either kind is missing.</param>
/// <param name="Blind">Accuracy of the blind model, which always gives the more frequent answer. Its balanced accuracy is 0.5.</param>
public sealed record PresenceFigures(int Index, int Images, double Accuracy, double Balanced, double Blind);

/// <summary>
/// Why accuracy lies under imbalance: a class that 3 % of the images hold is "recognised" with 97 % accuracy by a model that never looks. An image is said to hold a class
/// when a detection reaches the class' own optimal-LRP threshold.
/// </summary>
public sealed record AccuracyParadox
{
    /// <summary>Mean accuracy over the classes.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean balanced accuracy over the classes where it is defined.</summary>
    public required double Balanced { get; init; }

    /// <summary>Mean accuracy of the blind model.</summary>
    public required double Blind { get; init; }

    /// <summary>The classes that occur in at least one image.</summary>
    public required Values<PresenceFigures> Classes { get; init; }

    /// <summary>Shows the paradox on an evaluation.</summary>
    public static AccuracyParadox Of(CocoEvaluation evaluation, LocalizationRecallPrecision? thresholds = null)
    {
        thresholds ??= LocalizationRecallPrecision.Of(evaluation);
        var images = evaluation.Truth.Images.Count;
        var present = new bool[images];
        var said = new bool[images];
        var classes = new List<PresenceFigures>();
        for (var k = 0; k < evaluation.Classes.Count; k++)
        {
            Array.Clear(present);
            Array.Clear(said);
            for (var i = evaluation.Truths.First[k]; i < evaluation.Truths.First[k + 1]; i++) present[evaluation.Truths.Images[i]] = true;
            var matches = evaluation.Matches;
            for (var at = matches.First[k]; at < matches.End[k] && matches.Scores[at] >= thresholds.Classes[k].Threshold; at++) said[matches.Images[at]] = true;
            if (present.Contains(true)) classes.Add(Count(k, present, said));
        }

        return new()
        {
            Accuracy = CocoFigures.Mean(classes.Select(c => c.Accuracy)),
            Balanced = CocoFigures.Mean(classes.Select(c => c.Balanced)),
            Blind = CocoFigures.Mean(classes.Select(c => c.Blind)),
            Classes = [.. classes],
        };
    }

    private static PresenceFigures Count(int k, bool[] present, bool[] said)
    {
        var (with, rightWith, rightWithout) = (0, 0, 0);
        for (var image = 0; image < present.Length; image++)
        {
            if (present[image]) with++;
            if (present[image] && said[image]) rightWith++;
            if (!present[image] && !said[image]) rightWithout++;
        }

        double all = present.Length;
        var without = present.Length - with;
        return new(k, with, (rightWith + rightWithout) / all, (((double)rightWith / with) + ((double)rightWithout / without)) / 2, Math.Max(with, without) / all);
    }
}
