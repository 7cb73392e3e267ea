namespace Ballast.Training.Tests;

/// <summary>Reads recipes of families that are known only at run time.</summary>
internal static class RemedyRecipe
{
    /// <summary>The record that a recipe of a family makes.</summary>
    public static object Read(RemedyFamily family, string json)
    {
        var parse = typeof(RecipeReader).GetMethod(nameof(RecipeReader.Parse), 1, [typeof(string), typeof(string)])!;
        return parse.MakeGenericMethod(RemedyTypes.Of(family)!).Invoke(null, [json, "recipe"])!;
    }
}
