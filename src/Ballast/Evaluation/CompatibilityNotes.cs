namespace Ballast;

/// <summary>
/// Where pycocotools (2.0.11) would print another number than Ballast, or stop. Ballast keeps a flag of its own for a match; pycocotools keeps the annotation's id, so
/// an id 0 reads as "no match" and of two annotations with one id only the last lives.
/// </summary>
internal static class CompatibilityNotes
{
    public static IReadOnlyList<string> Of(CocoEvaluation evaluation)
    {
        var notes = new List<string>();
        AddIds(evaluation, notes);
        AddMarks(evaluation, notes);
        if (evaluation.Truths.WithoutPlace > 0)
            notes.Add($"{Of(evaluation.Truths.WithoutPlace, "truth has", "truths have")} a coordinate that is not finite and {(evaluation.Truths.WithoutPlace == 1 ? "is" : "are")} left out; pycocotools takes any detection of the class and image for a match.");
        var dropped = evaluation.Detections.Flaws.CountOf(DetectionFlaws.NotFinite) + evaluation.Detections.Flaws.CountOf(DetectionFlaws.ScoreUnusable);
        if (dropped > 0)
            notes.Add($"Left out: {Of(dropped, "detection", "detections")} without a usable score or box; pycocotools stops at a missing or text score, sorts NaN scores last and counts NaN boxes as hits.");
        if (evaluation.Detections.Count == 0) notes.Add("There are no detections: every figure is 0; pycocotools stops with an IndexError.");
        if (evaluation.Truths.Kinds.AsSpan().IndexOf(TruthKind.Object) < 0) notes.Add("There is no truth to measure against: every figure is undefined; pycocotools prints -1.");
        return notes;
    }

    private static void AddIds(CocoEvaluation evaluation, List<string> notes)
    {
        if (!evaluation.Truth.Boxes.HasIds) return;
        var ids = Array.ConvertAll(evaluation.Truths.Boxes, evaluation.Truth.Boxes.Id);
        Array.Sort(ids);
        var (zeros, repeated, example) = (0, 0, 0L);
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] == 0) zeros++;
            if (i == 0 || ids[i] != ids[i - 1] || ids[i] == DatasetBuilder.NoId) continue;
            example = ids[i];
            repeated++;
        }

        if (zeros > 0) notes.Add("An annotation has id 0; pycocotools counts what matches it as a false positive and prints a lower number.");
        if (repeated > 0) notes.Add($"{Of(repeated, "annotation repeats", "annotations repeat")} the id of another (such as {example}); pycocotools reads the last one in place of each and prints another number.");
    }

    private static void AddMarks(CocoEvaluation evaluation, List<string> notes)
    {
        var leftOut = evaluation.Options.LeftOutIn(evaluation.Truth);
        var (beyond, kept) = (0, 0);
        foreach (var marks in evaluation.Truth.Boxes.AllMarks)
        {
            if ((marks & BoxMarks.Crowd) != 0) continue;
            if ((marks & leftOut) != 0) beyond++;
            else if ((marks & BoxMarks.Ignore) != 0) kept++;
        }

        if (beyond > 0) notes.Add($"Left out: {Of(beyond, "truth", "truths")} marked ignore or difficult; pycocotools, which knows crowds only, would count them as objects.");
        if (kept > 0) notes.Add($"Counted as objects all the same: {Of(kept, "truth", "truths")} with ignore: 1, as in pycocotools, which overwrites that field by iscrowd.");
    }

    private static string Of(long count, string one, string many) => $"{count:N0} {(count == 1 ? one : many)}";
}
