namespace Ballast;

/// <summary>The numbers of a single class that a rule can name.</summary>
internal sealed class PolicyClassMeasures(DatasetSummary summary)
{
    private const string Boxes = "boxes";
    private const string Images = "images";
    private const string Share = "share";
    private const string Frequency = "frequency";
    private const string Matched = "matched";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Boxes, Images, Share, Frequency, Matched];

    /// <summary>The finding whose remedies help when the number is not good enough.</summary>
    public static string FindingOf(string measure) => measure == Matched ? "class-background" : "class-foreground";

    /// <summary>A number of a class by name; without a value when there is no such class.</summary>
    public Measure Of(string measure, string name)
    {
        var index = summary.Classes.ToList().IndexOf(name);
        if (index >= 0) return Of(measure, index);
        var nearest = NearestWord.Of(name, summary.Classes) is { } word ? $"; did you mean '{word}'?" : "";
        return new(measure, double.NaN, null, null, $"the data set has no class '{name}'{nearest}");
    }

    /// <summary>A number of a class by index.</summary>
    public Measure Of(string measure, int index)
    {
        var whole = summary.Whole;
        var (boxes, images) = (whole[ClassForeground.BoxTally], whole[ClassForeground.ImageTally]);
        return measure switch
        {
            Boxes => Intervals.Of(boxes, counts => counts[index]).As(Boxes, "objects of the class"),
            Images => Intervals.Of(images, counts => counts[index]).As(Images, "images with the class"),
            Share => Intervals.Of(boxes, counts => counts[index] / ImbalanceMeasures.Sum(counts)).As(Share, "there is no object"),
            Frequency => Intervals.Of([images, whole[DatasetSummary.ImageTally]], counts => counts[index] / counts[^1]).As(Frequency, "there is no image"),
            _ => MatchedOf(whole, index),
        };
    }

    private static Measure MatchedOf(TallySet whole, int index)
    {
        const string why = "anchors were matched for no object of the class";
        if (!whole.Has(ClassBackground.ObjectTally)) return new(Matched, double.NaN, null, null, why);
        return Intervals.Of(whole[ClassBackground.ObjectTally], counts =>
        {
            var row = counts.Slice(index * 3, 3);
            return row[ClassBackground.Strong] / ImbalanceMeasures.Sum(row);
        }).As(Matched, why);
    }
}
