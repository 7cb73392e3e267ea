namespace Ballast;

/// <summary>
/// Every threshold a verdict goes by. Verdicts go by effect size: a value is judged together with its 95 % interval, and an interval that crosses a threshold makes
/// the verdict "cannot tell", between the two that it could be.
/// </summary>
internal static class Verdicts
{
    /// <summary>Shannon evenness of boxes over the classes that have any.</summary>
    public static readonly Threshold Evenness = new("evenness of boxes over classes", 0.9, 0.7);

    /// <summary>Background anchors for one positive, over what is usual for the detector.</summary>
    public static readonly Threshold BackgroundOverUsual = new("background for one positive, over the usual", 2, 5);

    /// <summary>Share of a class's objects that an anchor matches at the assigner's threshold, worst class.</summary>
    public static readonly Threshold MatchedFraction = new("objects with an anchor at the threshold, worst class", 0.8, 0.5);

    /// <summary>Share of objects under 8 px (one cell of P3) at the input side.</summary>
    public static readonly Threshold TinyFraction = new("objects under 8 px at the input side", 0.02, 0.15);

    /// <summary>Share of objects under 16 px at the input side, worst class.</summary>
    public static readonly Threshold SmallFraction = new("objects under 16 px at the input side, worst class", 0.1, 0.5);

    /// <summary>Entropy of boxes over pyramid levels, over its maximum.</summary>
    public static readonly Threshold LevelEvenness = new("evenness of boxes over pyramid levels", 0.6, 0.3);

    /// <summary>Mean IoU of positive anchors, over what is usual for the detector.</summary>
    public static readonly Threshold PositiveIoUOverUsual = new("mean IoU of positive anchors, over the usual", 0.95, 0.85);

    /// <summary>A pyramid level with a smaller share of the boxes counts as starved.</summary>
    public const double StarvedLevelFraction = 0.01;

    /// <summary>KL divergence of object centres to uniform, bias-corrected, nats.</summary>
    public static readonly Threshold LocationKl = new("KL of centres to uniform", 0.1, 0.5);

    /// <summary>
    /// L1 loss at IoU 0.5 between box sizes, 90 % over 10 % quantile. An object half an octave off its anchor, as matching at IoU 0.5 allows, moves it by up to a quarter; at
    /// 1.6 the loss of the far sizes differs by more than any usual choice between losses does.
    /// </summary>
    public static readonly Threshold RegressionSpread = new("L1 loss at IoU 0.5 between box sizes", 1.25, 1.6);

    /// <summary>Jensen-Shannon divergence between two parts, base 2.</summary>
    public static readonly Threshold PartDivergence = new("divergence between parts", 0.01, 0.05);

    /// <summary>
    /// Share of the weaker task in the lengths of the gradients at the shared maps. Under a quarter the other is more than three times as long and turns the sum by less than
    /// 20 degrees from itself; under a tenth, nine times and 6 degrees.
    /// </summary>
    public static readonly Threshold WeakerTaskShare = new("weaker task's share of the gradients at the shared maps", 0.25, 0.1);

    /// <summary>Entropy of the gradients' lengths over pyramid levels, over its maximum: the thresholds of boxes over levels.</summary>
    public static readonly Threshold GradientLevelEvenness = new("evenness of gradients over pyramid levels", 0.6, 0.3);

    /// <summary>
    /// Shannon evenness of the last stage's positives over ten bins of IoU 0.5 to 1. Counts that halve with each 0.1 give 0.83; with a geometric fall, 70 % of them within 0.1 of
    /// the threshold give 0.66, 90 % give 0.40.
    /// </summary>
    public static readonly Threshold StageIoUEvenness = new("evenness of the last stage's positives over IoU 0.5 to 1", 0.8, 0.5);

    /// <summary>Share of |dL/ddelta| of the tenth of predictions that lies worst: 0.1 when all count alike, and under L1 once they err in all four deltas.</summary>
    public static readonly Threshold WorstTenthGradient = new("box gradient of the worst tenth of predictions", 0.2, 0.4);

    /// <summary>Recall in training less recall in validation, worst class.</summary>
    public static readonly Threshold RecallGap = new("recall lost outside training, worst class", 0.1, 0.25);

    /// <summary>Fewest looks inside a step, in the second half of a run, that anything of it is judged on.</summary>
    public const int FewestProbes = 5;

    /// <summary>Fewest objects a share of a class is judged on.</summary>
    public const long FewestObjects = 10;

    /// <summary>Objects to be expected in each cell of a grid that places are judged on: the usual rule for tests on counts.</summary>
    public const long ObjectsPerCell = 5;

    /// <summary>Fewest images anything is judged on.</summary>
    public const long FewestImages = 5;

    /// <summary>All thresholds, for the report's "how this was measured".</summary>
    public static IReadOnlyList<Threshold> All { get; } =
        [Evenness, BackgroundOverUsual, MatchedFraction, TinyFraction, SmallFraction, LevelEvenness, PositiveIoUOverUsual, LocationKl, RegressionSpread, PartDivergence];

    /// <summary>The thresholds of what a training run shows.</summary>
    public static IReadOnlyList<Threshold> OfRuns { get; } = [WeakerTaskShare, GradientLevelEvenness, StageIoUEvenness, WorstTenthGradient, RecallGap];
}

/// <summary>Where balanced ends and where severe begins; when <see cref="Mild"/> is above <see cref="Severe"/>, less is worse.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Mild">Balanced up to here.</param>
/// <param name="Severe">Severe from here.</param>
internal sealed record Threshold(string Name, double Mild, double Severe)
{
    /// <summary>Judges a value with its interval; without an interval by the value alone.</summary>
    public Judgement Judge(Estimate estimate)
    {
        if (double.IsNaN(estimate.Value)) return new(Verdict.CannotTell, Verdict.Balanced, Verdict.Severe);
        var (a, b) = (Of(double.IsNaN(estimate.Low) ? estimate.Value : estimate.Low), Of(double.IsNaN(estimate.High) ? estimate.Value : estimate.High));
        var (best, worst) = a < b ? (a, b) : (b, a);
        return new(best == worst ? best : Verdict.CannotTell, best, worst);
    }

    /// <summary>Judges a value that is known exactly.</summary>
    public Verdict Of(double value) => Mild < Severe
        ? value >= Severe ? Verdict.Severe : value > Mild ? Verdict.Mild : Verdict.Balanced
        : value <= Severe ? Verdict.Severe : value < Mild ? Verdict.Mild : Verdict.Balanced;

    /// <summary>One line for "how this was measured".</summary>
    public override string ToString() => Mild < Severe
        ? $"{Name}: balanced to {Mild:0.###}, severe from {Severe:0.###}"
        : $"{Name}: balanced from {Mild:0.###}, severe to {Severe:0.###}";
}

/// <summary>A verdict, and between which two it lies when it cannot be told.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Best">The best the interval allows.</param>
/// <param name="Worst">The worst it allows.</param>
internal readonly record struct Judgement(Verdict Verdict, Verdict Best, Verdict Worst)
{
    /// <summary>The worse of two judgements of different things: what is surely worse wins.</summary>
    public static Judgement WorseOf(Judgement a, Judgement b) => (Rank(b).CompareTo(Rank(a)) > 0) ? b : a;

    /// <summary>"cannot tell (mild or severe, n = 14)"; empty when the verdict is clear.</summary>
    public string Doubt(long count, string what) => Verdict == Verdict.CannotTell ? $" (cannot tell {Word(Best)} from {Word(Worst)} with {count:N0} {what})" : "";

    private static (Verdict, Verdict) Rank(Judgement judgement) => (judgement.Best, judgement.Worst);

    private static string Word(Verdict verdict) => VerdictConverter.Word(verdict);
}
