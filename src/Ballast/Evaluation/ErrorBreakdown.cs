namespace Ballast;

/// <summary>
/// Where AP at IoU 0.50 is lost (TIDE; Bolya et al. 2020, arXiv:2008.08115): each kind of error, how often it happens and what mending it would win, and the same
/// for the slices of each axis of imbalance. An error is counted where the object it concerns lies; where it concerns none, where the detection itself does.
/// </summary>
public sealed record ErrorBreakdown
{
    private const int DetectionsPerImage = 100;
    private const uint Everywhere = 1u << 31;

    /// <summary>AP at IoU 0.50 by TIDE's matching: at most 100 detections an image over all classes, mean over the classes with truths.</summary>
    public required double AP { get; init; }

    /// <summary>The kinds of error, in the order of <see cref="ErrorKind"/>.</summary>
    public required Values<ErrorFigure> Errors { get; init; }

    /// <summary>AP that would be won without any false alarm.</summary>
    public required double FalseAlarmCost { get; init; }

    /// <summary>AP that would be won if only what was found had to be found.</summary>
    public required double MissCost { get; init; }

    /// <summary>The same errors by class frequency, size, pyramid level, zone and crowding.</summary>
    public required Values<ErrorsByAxis> Axes { get; init; }

    /// <summary>Breaks down the errors of an evaluation.</summary>
    /// <param name="evaluation">What to break down.</param>
    /// <param name="profile">The detector whose pyramid levels are meant; RetinaNet by default.</param>
    /// <param name="groups">How common classes are; by the truth itself by default.</param>
    public static ErrorBreakdown Of(CocoEvaluation evaluation, DetectorProfile? profile = null, FrequencyGroups? groups = null)
    {
        groups ??= FrequencyGroups.By(evaluation.Truth);
        var axes = SliceAxis.All(evaluation.Truth, evaluation.Options, profile ?? DetectorProfile.RetinaNet);
        var slicing = SliceAxis.Slice(evaluation.Truth, evaluation.Detections, axes);
        var classes = evaluation.Truth.Boxes.Classes.ToArray();
        var (detections, missed) = ErrorFinder.Find(evaluation, DetectionsPerImage);
        var mending = new ErrorMending(
            evaluation,
            detections,
            missed,
            error => error.Box >= 0 ? WordOf(error.Box) : slicing.Detections[error.Row] | Group(error.Class, slicing.Count) | Everywhere,
            WordOf);
        var asIs = mending.After(0, 0);
        return new()
        {
            AP = asIs,
            Errors = Figures(mending, asIs, Everywhere),
            FalseAlarmCost = Won(mending.WithoutFalseAlarms, asIs),
            MissCost = Won(mending.WithoutMisses, asIs),
            Axes = [.. ByAxis(axes, mending, asIs)],
        };

        uint WordOf(int box) => slicing.Truths[box] | Group(classes[box], slicing.Count) | Everywhere;

        uint Group(int k, int first) => groups.Of[k] is { } group ? 1u << (first + (int)group) : 0;
    }

    private static IEnumerable<ErrorsByAxis> ByAxis(IReadOnlyList<SliceAxis> axes, ErrorMending mending, double asIs)
    {
        // The bits of the frequency groups stand behind those of the axes.
        var first = axes.Sum(axis => axis.Names.Count);
        yield return new(EvaluationAxis.ClassFrequency, [.. Enum.GetNames<Frequency>().Select((name, i) => Sliced(mending, asIs, name.ToLowerInvariant(), first + i))]);
        var bit = 0;
        foreach (var axis in axes)
        {
            var start = bit;
            yield return new(axis.By, [.. axis.Names.Select((name, i) => Sliced(mending, asIs, name, start + i))]);
            bit += axis.Names.Count;
        }
    }

    private static SlicedErrors Sliced(ErrorMending mending, double asIs, string name, int bit)
        => new(name, Figures(mending, asIs, 1u << bit), Won(mending.After(ErrorMending.AllKinds, 1u << bit), asIs));

    /// <summary>The figures of the errors in some slices.</summary>
    private static Values<ErrorFigure> Figures(ErrorMending mending, double asIs, uint slices)
    {
        var figures = new List<ErrorFigure>();
        var (before, mended) = (asIs, 0u);
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            var count = mending.Count(kind, slices);
            mended |= 1u << (int)kind;
            if (count == 0)
            {
                figures.Add(new(kind, 0, 0, 0));
                continue;
            }

            var after = mending.After(mended, slices);
            figures.Add(new(kind, count, Won(mending.After(1u << (int)kind, slices), asIs), after - before));
            before = after;
        }

        return [.. figures];
    }

    private static double Won(double after, double asIs) => double.IsNaN(after - asIs) ? 0 : Math.Max(0, after - asIs);
}
