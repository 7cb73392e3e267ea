namespace Ballast.Tests;

/// <summary>The C# of the README between its markers, compiled and run.</summary>
internal static class ReadmeSnippets
{
    public static void InCode()
    {
        // snippet
        var data = DetectionDataset.Load("instances_train.json");
        var diagnosis = Diagnosis.Of(data, DetectorProfile.RetinaNet);
        foreach (var finding in diagnosis.Findings) Console.WriteLine($"{finding.Subject}: {finding.Verdict}. {finding.Headline}");
        foreach (var (finding, advice) in diagnosis.First) Console.WriteLine($"{advice.Title}: {advice.Effect} ({finding.Id})");
        diagnosis.Save("report.html");
        // end
    }
}
