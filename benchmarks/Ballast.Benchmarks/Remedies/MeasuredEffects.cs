namespace Ballast.Benchmarks;

/// <summary>What each remedy changes, measured without training, so that it takes seconds and anyone gets the same numbers.</summary>
/// <param name="data">The demo data set, which is drawn from its seed.</param>
internal sealed class MeasuredEffects(DetectionDataset data)
{
    private readonly Lazy<MatchedImages> _images = new(() => new(data, "the demo data set"));

    /// <summary>The measured effect of a remedy as Markdown.</summary>
    public string Of(Remedy remedy) => remedy.Family.Name switch
    {
        "box loss" => BoxLossEffect.Of(remedy),
        "classification loss" => ClassificationEffect.Of(remedy),
        "objective" => ObjectiveEffect.Of(remedy),
        "reweighting" => ReweightingEffect.Of(remedy),
        "sampler" => SamplingEffect.Of(remedy, _images.Value),
        "assigner" => AssigningEffect.Of(remedy, _images.Value),
        "anchoring" => AnchoringEffect.Of(_images.Value),
        "region stages" => CascadeEffect.Of(_images.Value),
        "neck" or "RoI extractor" => PyramidEffect.Of(remedy),
        "image sampling" => ImageSamplingEffect.Of(remedy, data),
        _ => throw new InputException($"Nothing is measured for the family '{remedy.Family.Name}'; say in MeasuredEffects what is."),
    };

    /// <summary>A table of numbers.</summary>
    public static string Table(IEnumerable<string> head, IEnumerable<IEnumerable<string>> rows)
    {
        string[] columns = [.. head];
        var lines = rows.Select(row => $"| {string.Join(" | ", row)} |");
        return $"| {string.Join(" | ", columns)} |\n|---|{string.Concat(Enumerable.Repeat("---:|", columns.Length - 1))}\n{string.Join('\n', lines)}";
    }

    /// <summary>Three digits after the point, none from 100 on.</summary>
    public static string Number(double value)
        => value == 0 ? "0" : (Math.Abs(value) < 0.0005 ? 0 : value).ToString(Math.Abs(value) >= 100 ? "#,0" : "0.000", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A share in per cent with a digit after the point.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture) + " %";
}
