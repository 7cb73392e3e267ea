namespace Ballast;

public sealed partial class Diagnosis
{
    private const int MostFirst = 5;
    private const double LeastGain = 0.03;

    private static readonly (Verdict Verdict, string Word)[] Words =
        [(Verdict.Severe, "Severe"), (Verdict.Mild, "Mild"), (Verdict.CannotTell, "Cannot tell"), (Verdict.Balanced, "Balanced")];

    /// <summary>
    /// What to do first: at most five remedies. The best of every severe finding, then the best of the others, then the second best, and so on; between findings those
    /// that remove most. Where nothing could be computed for a severe finding, what the literature advises stands in.
    /// </summary>
    public IReadOnlyList<(Finding Finding, Advice Advice)> First =>
    [
        .. Findings
            .Where(finding => WeightOf(finding.Verdict) > 0)
            .SelectMany(finding => Worthwhile(finding).Select((advice, rank) => (Finding: finding, Advice: advice, Rank: rank)))
            .OrderBy(entry => entry.Rank - (entry.Finding.Verdict == Verdict.Severe ? 1 : 0))
            .ThenByDescending(entry => entry.Advice.Gain * WeightOf(entry.Finding.Verdict))
            .DistinctBy(entry => entry.Advice.Title)
            .Take(MostFirst)
            .Select(entry => (entry.Finding, entry.Advice)),
    ];

    private static IEnumerable<Advice> Worthwhile(Finding finding)
    {
        var computed = finding.Remedies.Where(advice => advice.Computed && advice.Gain >= LeastGain).OrderByDescending(advice => advice.Gain).ToArray();
        return computed.Length > 0 || finding.Verdict != Verdict.Severe ? computed : finding.Remedies.Where(advice => !advice.Computed).Take(1);
    }

    /// <summary>Verdict counts as a sentence: "3 severe, 2 mild, 2 balanced, 1 cannot tell".</summary>
    public string Overall
    {
        get
        {
            return string.Join(", ", Words.Select(word => (Count: Findings.Count(finding => finding.Verdict == word.Verdict), word.Word)).Where(word => word.Count > 0)
                .Select(word => $"{word.Count} {word.Word.ToLowerInvariant()}"));
        }
    }

    /// <summary>The verdicts as a sentence that names the findings: "Severe: foreground-foreground and pyramid levels. Cannot tell: boxes."</summary>
    public string OverallSentence => string.Join(" ", Words
        .Select(word => (word.Word, Names: Findings.Where(finding => finding.Verdict == word.Verdict).Select(finding => finding.Subject).ToArray()))
        .Where(word => word.Names.Length > 0)
        .Select(word => $"{word.Word}: {Phrases.List(word.Names, Findings.Count)}."));

    private static double WeightOf(Verdict verdict) => verdict switch
    {
        Verdict.Severe => 1,
        Verdict.Mild => 0.6,
        Verdict.CannotTell => 0.3,
        _ => 0,
    };
}
