namespace Ballast.Training.Tests;

/// <summary>Reads what a detector's recipe says of a remedy.</summary>
internal static class RemedyRecipe
{
    /// <summary>The detector of a recipe that holds the given members.</summary>
    public static DetectorOptions Detector(string members) => RecipeReader.Parse<DetectorOptions>($"{{ \"type\": \"retinanet\", {members} }}");

    /// <summary>What the detector of a recipe has as the remedy's member.</summary>
    public static object? Of(Remedy remedy)
    {
        var detector = Detector(remedy.RecipeLine);
        return detector.GetType().GetProperty(char.ToUpperInvariant(remedy.Member[0]) + remedy.Member[1..])!.GetValue(detector);
    }
}
