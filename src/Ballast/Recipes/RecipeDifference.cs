using System.Text.Json.Nodes;

namespace Ballast;

/// <summary>Where two recipes differ: what to say when a checkpoint is of another one.</summary>
/// <param name="Path">The member, as <c>--set</c> names it: "detector.boxLoss.type".</param>
/// <param name="First">Its value in the first, as JSON; "absent" where it has none.</param>
/// <param name="Second">Its value in the second.</param>
public sealed record RecipeDifference(string Path, string First, string Second)
{
    private const string Absent = "absent";

    /// <summary>The members in which two recipes differ; where kinds differ, the kind and nothing below it.</summary>
    public static IReadOnlyList<RecipeDifference> Between<T>(T first, T second)
        where T : class
    {
        var differences = new List<RecipeDifference>();
        Compare("", JsonNode.Parse(RecipeReader.ToJson(first)), JsonNode.Parse(RecipeReader.ToJson(second)), differences);
        return differences;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} {First} -> {Second}";

    private static void Compare(string path, JsonNode? first, JsonNode? second, List<RecipeDifference> differences)
    {
        if (JsonNode.DeepEquals(first, second)) return;
        if (first is JsonObject a && second is JsonObject b)
        {
            string[] names = JsonNode.DeepEquals(a["type"], b["type"]) ? [.. a.Select(member => member.Key).Union(b.Select(member => member.Key))] : ["type"];
            foreach (var name in names) Compare(path.Length == 0 ? name : $"{path}.{name}", a[name], b[name], differences);
        }
        else if (first is JsonArray x && second is JsonArray y && x.Count == y.Count)
        {
            for (var i = 0; i < x.Count; i++) Compare($"{path}[{i}]", x[i], y[i], differences);
        }
        else
        {
            differences.Add(new(path, Written(first), Written(second)));
        }
    }

    private static string Written(JsonNode? node) => node?.ToJsonString() ?? Absent;
}
