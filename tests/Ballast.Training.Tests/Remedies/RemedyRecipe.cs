using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Training.Tests;

/// <summary>Reads what a detector's recipe says of a remedy.</summary>
internal static class RemedyRecipe
{
    /// <summary>The first detector whose recipe takes the given members.</summary>
    public static DetectorOptions Detector(string members)
    {
        var sentences = new List<string>();
        foreach (var kind in typeof(DetectorOptions).GetCustomAttributes<JsonDerivedTypeAttribute>())
        {
            try
            {
                return RecipeReader.Parse<DetectorOptions>($"{{ \"type\": \"{kind.TypeDiscriminator}\", {members} }}");
            }
            catch (InputException e)
            {
                sentences.Add(e.Message);
            }
        }

        throw new InputException(string.Join('\n', sentences));
    }

    /// <summary>What the detector of a recipe has as the remedy's member.</summary>
    public static object? Of(Remedy remedy)
    {
        var detector = Detector(remedy.RecipeLine);
        return detector.GetType().GetProperty(char.ToUpperInvariant(remedy.Member[0]) + remedy.Member[1..])!.GetValue(detector);
    }
}
