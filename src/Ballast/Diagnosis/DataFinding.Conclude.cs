namespace Ballast;

internal sealed partial class DataFinding
{
    private const int MostRows = 40;
    private const string NoBaseline = "there is no --baseline to compare with";
    private static readonly HashSet<string> Notes = [.. FlawCode.All.Where(code => code.Severity == FlawSeverity.Note).Select(code => code.Code)];

    public override Finding Conclude(DiagnosisContext context)
    {
        var parts = new PartsView(context);
        var leaks = LeakedImages.Of(context);
        var drift = context.Options.Baseline is { } baseline ? Drift.Between(baseline, context.Summary) : null;
        var judgement = Judge(parts, leaks, drift);
        return new()
        {
            Id = Id,
            Family = "data",
            Subject = "parts, copies, flaws",
            Verdict = judgement?.Verdict ?? Verdict.CannotTell,
            Headline = string.Join("; ", Sentences(parts, leaks, drift, judgement)),
            Meaning = "A validation part that differs from training measures something else than was trained, and images that stand in both make it look better than it is.",
            Deciding = leaks is { Images: > 0 } ? "leaked" : parts.Worst.Divergence is null && drift is not null ? "drift" : "divergence",
            Measures = Measures(parts, leaks, drift),
            Figures = Figures(parts),
            Tables = Tables(parts, leaks, drift),
            Remedies = Remedies(parts, leaks),
            Examples = leaks?.Examples ?? [],
        };
    }

    /// <summary>The worst of what can be judged; null when nothing can.</summary>
    private static Judgement? Judge(PartsView parts, LeakedImages? leaks, Drift? drift)
    {
        List<Judgement> judgements = [];
        if (leaks is not null) judgements.Add(Sure(leaks.Images > 0 ? Verdict.Severe : Verdict.Balanced));
        if (parts.Worst.Divergence is { } worst) judgements.Add(Verdicts.PartDivergence.Judge(worst.Value));
        if (parts.Absent.Count > 0) judgements.Add(Sure(Verdict.Mild));
        if (drift?.Most is { } most) judgements.Add(Verdicts.PartDivergence.Judge(new(most.Divergence, most.Low, most.High)));
        return judgements.Count == 0 ? null : judgements.Aggregate(Judgement.WorseOf);

        static Judgement Sure(Verdict verdict) => new(verdict, verdict, verdict);
    }

    private static IEnumerable<string> Sentences(PartsView parts, LeakedImages? leaks, Drift? drift, Judgement? judgement)
    {
        var context = parts.Context;
        if (leaks is { Images: > 0 }) yield return $"{Phrases.Count(leaks.Images, "image stands", "images stand")} in more than one part ({leaks.Where}): validation is not honest";
        if (context.Images == 0) yield return "cannot tell: there are no images";
        else if (parts.Parts.Count < 2) yield return $"one {parts.Word} only: nothing to compare";
        else if (parts.Worst is not ({ } part, { } worst)) yield return $"the {parts.Parts.Count} {parts.Word}s are too small to compare";
        else if (Verdicts.PartDivergence.Of(worst.Value.Value) == Verdict.Balanced)
            yield return $"{Phrases.List([.. parts.Parts.Select(each => each.Name)])} look alike: they differ most in {Said(worst.Name)} (divergence {worst.Value.Value:0.000} beyond noise)";
        else yield return $"{part.Name} differs from {parts.Largest!.Name} in {Said(worst.Name)} (divergence {worst.Value.Value:0.000} beyond noise{Bounds(worst.Value)})";
        if (parts.Absent.Count > 0)
            yield return string.Join(", ", parts.Absent.GroupBy(pair => pair.Part.Name).Select(group => $"{group.Key} has no {Phrases.List([.. group.Select(pair => context.Classes[pair.Class])])}"));
        if (drift?.Most is { } most) yield return $"since the baseline {Said(most.Name)} drifted most (divergence {most.Divergence:0.000})";
        if (judgement is { Verdict: Verdict.CannotTell } doubtful) yield return doubtful.Doubt(context.Images, "images").Trim(' ', '(', ')');
        var (flaws, notes) = FlawCounts(context.Summary);
        if (flaws > 0) yield return Phrases.Count(flaws, "flaw", "flaws");
        if (notes > 0) yield return Phrases.Count(notes, "note on the input", "notes on the input");
    }

    private static (long Flaws, long Notes) FlawCounts(DatasetSummary summary)
    {
        var notes = summary.Flaws.Where(flaw => Notes.Contains(flaw.Key)).Sum(flaw => flaw.Value);
        return (summary.Flaws.Values.Sum() - notes, notes);
    }

    private static string Bounds(Estimate value) => double.IsFinite(value.Low) ? $"; 95 %: {value.Low:0.000}-{value.High:0.000}" : "";

    private static string Said(string name) => name switch
    {
        Divergence.Classes => "class shares",
        Divergence.Sizes => "object sizes",
        Divergence.Levels => "pyramid levels",
        Divergence.Places => "object places",
        Divergence.PerImage => "objects per image",
        _ => name,
    };

    private static List<Measure> Measures(PartsView parts, LeakedImages? leaks, Drift? drift)
    {
        var (flaws, notes) = FlawCounts(parts.Context.Summary);
        List<Measure> measures =
        [
            new("leaked", leaks is null ? double.NaN : leaks.Images, null, null, "images whose file stands, byte for byte, in another part too; not defined when images were not compared") { Label = "images in more than one part" },
            new("compared-images", leaks?.Compared ?? 0, null, null, "images whose file was found and compared"),
            (parts.Worst.Divergence?.Value ?? new(double.NaN, double.NaN, double.NaN)).As("divergence", $"largest Jensen-Shannon divergence of a {parts.Word} to the largest one over all properties, base 2, beyond what sampling gives; 0 is alike, 1 is disjoint") with { Label = "largest divergence between parts" },
            new("parts", parts.Parts.Count, null, null, $"{parts.Word}s with images"),
            new("absent-classes", parts.Absent.Count, null, null, $"classes of at least {Verdicts.FewestObjects} boxes that a {parts.Word} has none of, over all {parts.Word}s"),
            new("flaws", flaws, null, null, "malformed things in the input that cost something"),
            new("notes", notes, null, null, "things in the input worth knowing that cost nothing"),
        ];
        foreach (var name in Divergence.Names)
        {
            var values = parts.Compared.Select(pair => pair.Divergences.Single(divergence => divergence.Name == name).Value).Where(value => double.IsFinite(value.Value)).ToArray();
            measures.Add((values.Length > 0 ? values.MaxBy(value => value.Value) : new(double.NaN, double.NaN, double.NaN)).As($"divergence-{name}", $"the same of {Said(name)} alone"));
        }

        measures.Add(new("drift", drift?.Largest ?? double.NaN, Finite(drift?.Most?.Low), Finite(drift?.Most?.High), drift is null ? NoBaseline : "largest divergence from the baseline over all properties, beyond what sampling gives"));
        foreach (var name in (string[])[.. Divergence.Names, "flaws"])
        {
            var each = drift?.Measures.Single(measure => measure.Name == name);
            measures.Add(new($"drift-{name}", each?.Divergence ?? double.NaN, Finite(each?.Low), Finite(each?.High), drift is null ? NoBaseline : $"divergence of {Said(name)} from the baseline"));
        }

        return measures;

        static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
    }

    private static List<Advice> Remedies(PartsView parts, LeakedImages? leaks)
    {
        var data = parts.Context.DataArgument;
        List<Advice> remedies = [];
        if (leaks is { Images: > 0 } || parts.Absent.Count > 0 || parts.Worst.Divergence is { } worst && worst.Value.Value > Verdicts.PartDivergence.Mild)
        {
            remedies.Add(new()
            {
                Title = "split anew, stratified by class and size",
                Effect = leaks is { Images: > 0 } ? "copies stay in one part; class shares of the parts agree" : "class shares and sizes of the parts agree",
                Cost = "results are no longer comparable with those on the old parts",
                Command = $"ballast split {data} --parts train=0.8,val=0.2 --group-by scene",
                CommandExists = false,
                Paper = "Sechidis et al. 2011, doi:10.1007/978-3-642-23808-6_10",
            });
        }

        var (flaws, _) = FlawCounts(parts.Context.Summary);
        if (flaws > 0)
        {
            remedies.Add(new()
            {
                Title = "look at the flaws",
                Effect = $"{Phrases.Count(flaws, "flaw is", "flaws are")} listed with file and line",
                Cost = "a look at each",
                Command = $"ballast check {data} --flaws",
            });
        }

        return remedies;
    }
}
