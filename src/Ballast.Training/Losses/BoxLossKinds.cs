using System.Reflection;
using System.Text.Json.Serialization;

namespace Ballast.Training;

/// <summary>The box losses that recipes know by a kind alone. Naming them does not load libtorch.</summary>
public static class BoxLossKinds
{
    /// <summary>Kinds of losses that have defaults, in the order the family lists them; a sum needs its parts.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(BoxLoss).GetCustomAttributes<JsonDerivedTypeAttribute>().Where(kind => kind.DerivedType != typeof(SumBoxLoss)).Select(kind => (string)kind.TypeDiscriminator!)];

    /// <summary>The loss of a kind, or of a recipe as JSON.</summary>
    /// <param name="text">"giou", or { "type": "alpha-iou", "alpha": 2 }.</param>
    /// <exception cref="InputException">It is neither.</exception>
    public static BoxLoss Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RecipeReader.Parse<BoxLoss>(text.TrimStart().StartsWith('{') ? text : System.Text.Json.JsonSerializer.Serialize(text), "--loss");
    }
}
