namespace Ballast;

/// <summary>The anchor counts of a data set as the findings about anchors look at them.</summary>
internal sealed class AnchorView
{
    private readonly Tally _anchors;
    private readonly Tally _objects;
    private readonly Tally _positives;

    public AnchorView(DiagnosisContext context)
    {
        Context = context;
        _anchors = context.Counts[ClassBackground.AnchorTally];
        _objects = context.Counts[ClassBackground.ObjectTally];
        _positives = context.Counts[ClassBackground.PositivesTally];
        Anchors = _anchors.Total();
        Usable = _objects.Total();
        BackgroundPerPositive = Intervals.Of(_anchors, counts => counts[ClassBackground.Background] / counts[ClassBackground.Positive]);
        Matched = Intervals.Of(_objects, counts => Fraction(counts, 0, counts.Length));
        Worst = WorstClass();
        WorstMatched = Worst < 0 ? new(double.NaN, double.NaN, double.NaN) : MatchedOf(Worst);
    }

    public DiagnosisContext Context { get; }

    public long Images => Context.Images;

    /// <summary>All anchors of all images.</summary>
    public long Anchors { get; }

    /// <summary>Objects that can be matched: usable box, known class, image of known size.</summary>
    public long Usable { get; }

    public Estimate BackgroundPerPositive { get; }

    public Estimate OverUsual
    {
        get
        {
            var usual = Context.Profile.UsualBackground;
            return new(BackgroundPerPositive.Value / usual, BackgroundPerPositive.Low / usual, BackgroundPerPositive.High / usual);
        }
    }

    /// <summary>Share of all objects with an anchor at the threshold.</summary>
    public Estimate Matched { get; }

    /// <summary>The class whose objects match least, of those with enough of them; -1 when there is none.</summary>
    public int Worst { get; }

    public Estimate WorstMatched { get; }

    /// <summary>Share of the images' area under objects.</summary>
    public Estimate ObjectArea => Intervals.Of(Context.Counts[ClassBackground.AreaTally], counts => counts[0] / counts[1]);

    public long State(int state) => _anchors[state];

    public long ObjectsOf(int @class) => _objects[@class, 0] + _objects[@class, 1] + _objects[@class, 2];

    public long Column(int column) => (long)_objects.ColumnSums()[column];

    public double PositivesPerObject(int @class) => Context.Counts[ClassBackground.ClassTally][@class] / (double)ObjectsOf(@class);

    /// <summary>Share of a class's objects with an anchor at the threshold.</summary>
    public Estimate MatchedOf(int @class) => Intervals.Of(_objects, counts => Fraction(counts, @class * 3, (@class * 3) + 3));

    /// <summary>Background anchors that stay when each image keeps at most a number for each positive.</summary>
    public long MinedBackground(int perPositive) => Math.Min(State(ClassBackground.Background), perPositive * State(ClassBackground.Positive));

    /// <summary>Positive and background anchors in the loss when each image samples a number of anchors, positives up to a fraction.</summary>
    public (long Positives, long Background) RandomSample(int anchors, double fraction)
    {
        var (positives, background) = (0L, 0L);
        for (var bin = 0; bin < _positives.Cells; bin++)
        {
            var taken = Math.Min(bin, (int)(anchors * fraction));
            positives += taken * _positives[bin];
            background += (anchors - taken) * _positives[bin];
        }

        return (positives, background);
    }

    private int WorstClass()
    {
        var (worst, share) = (-1, double.PositiveInfinity);
        for (var c = 0; c < Context.Classes.Count; c++)
        {
            if (ObjectsOf(c) < Verdicts.FewestObjects) continue;
            var matched = _objects[c, ClassBackground.Strong] / (double)ObjectsOf(c);
            if (matched < share || (matched == share && worst >= 0 && PositivesPerObject(c) < PositivesPerObject(worst))) (worst, share) = (c, matched);
        }

        return worst;
    }

    private static double Fraction(ReadOnlySpan<double> counts, int start, int end)
    {
        var (strong, all) = (0.0, 0.0);
        for (var cell = start; cell < end; cell++)
        {
            all += counts[cell];
            if (cell % 3 == ClassBackground.Strong) strong += counts[cell];
        }

        return strong / all;
    }
}
