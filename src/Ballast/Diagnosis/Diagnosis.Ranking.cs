namespace Ballast;

public sealed partial class Diagnosis
{
    private const int MostFirst = 5;

    /// <summary>What to do first: at most five remedies over all findings, those that remove most of a sure imbalance first. Only computed effects are ranked.</summary>
    public IReadOnlyList<(Finding Finding, Advice Advice)> First =>
    [
        .. Findings
            .SelectMany(finding => finding.Remedies.Where(advice => advice.Computed && advice.Gain > 0).Select(advice => (Finding: finding, Advice: advice)))
            .OrderByDescending(pair => pair.Advice.Gain * WeightOf(pair.Finding.Verdict))
            .DistinctBy(pair => pair.Advice.Title)
            .Take(MostFirst),
    ];

    /// <summary>Verdict counts as a sentence: "3 severe, 2 mild, 2 balanced, 1 cannot tell".</summary>
    public string Overall
    {
        get
        {
            var words = new[] { (Verdict.Severe, "severe"), (Verdict.Mild, "mild"), (Verdict.Balanced, "balanced"), (Verdict.CannotTell, "cannot tell") };
            return string.Join(", ", words.Select(word => (Count: Findings.Count(finding => finding.Verdict == word.Item1), word.Item2)).Where(word => word.Count > 0)
                .Select(word => $"{word.Count} {word.Item2}"));
        }
    }

    private static double WeightOf(Verdict verdict) => verdict switch
    {
        Verdict.Severe => 1,
        Verdict.Mild => 0.6,
        Verdict.CannotTell => 0.3,
        _ => 0,
    };
}
