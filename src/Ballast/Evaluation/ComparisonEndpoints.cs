namespace Ballast;

/// <summary>A figure that detectors are compared by: a mean over classes of a metric in an area range.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Area">Index of the area range.</param>
/// <param name="Metric">0 AP, 1 AP50, 2 AP75.</param>
/// <param name="Classes">The classes it is the mean of.</param>
/// <param name="Objects">Objects it is measured on.</param>
/// <param name="Images">Images that hold them.</param>
internal sealed record ComparisonEndpoint(string Name, int Area, int Metric, int[] Classes, int Objects, int Images)
{
    /// <summary>All endpoints a truth offers; those without objects are left out.</summary>
    public static IReadOnlyList<ComparisonEndpoint> All(CocoEvaluation evaluation, FrequencyGroups groups)
    {
        var all = Enumerable.Range(0, evaluation.Classes.Count).ToArray();
        var endpoints = new List<ComparisonEndpoint> { Make(evaluation, "AP", 0, 0, all) };
        if (EvaluationIntervals.ThresholdOf(evaluation.Options, 1) >= 0) endpoints.Add(Make(evaluation, "AP50", 0, 1, all));
        if (EvaluationIntervals.ThresholdOf(evaluation.Options, 2) >= 0) endpoints.Add(Make(evaluation, "AP75", 0, 2, all));
        for (var area = 1; area < evaluation.Options.AreaRanges.Count; area++) endpoints.Add(Make(evaluation, $"AP {evaluation.Options.AreaRanges[area].Name}", area, 0, all));
        foreach (var group in Enum.GetValues<Frequency>()) endpoints.Add(Make(evaluation, NameOf(group), 0, 0, [.. groups.Classes(group)]));
        foreach (var k in all) endpoints.Add(Make(evaluation, $"AP of class '{evaluation.Truth.Classes[k]}'", 0, 0, [k]));
        return [.. endpoints.Where(endpoint => endpoint.Objects > 0)];
    }

    /// <summary>The endpoint that decides.</summary>
    public static ComparisonEndpoint Primary(IReadOnlyList<ComparisonEndpoint> endpoints, string? wanted, FrequencyGroups groups)
    {
        if (endpoints.Count == 0) throw new InputException("The truth has no objects, so detectors cannot be compared on it.");
        var name = wanted ?? (groups.Rarest is { } rarest && rarest != Frequency.Frequent ? NameOf(rarest) : "AP");
        return endpoints.FirstOrDefault(endpoint => endpoint.Name == name)
            ?? (wanted is null ? endpoints[0] : throw new InputException($"There is no endpoint '{wanted}' in this truth; name one of {string.Join(", ", endpoints.Select(endpoint => endpoint.Name))}."));
    }

    private static string NameOf(Frequency group) => $"AP {group.ToString().ToLowerInvariant()}";

    private static ComparisonEndpoint Make(CocoEvaluation evaluation, string name, int area, int metric, int[] classes)
    {
        var images = new HashSet<int>();
        var objects = 0;
        foreach (var k in classes)
        {
            for (var i = evaluation.Truths.First[k]; i < evaluation.Truths.First[k + 1]; i++)
            {
                if (!evaluation.Counts(i, area)) continue;
                objects++;
                images.Add(evaluation.Truths.Images[i]);
            }
        }

        return new(name, area, metric, classes, objects, images.Count);
    }
}
