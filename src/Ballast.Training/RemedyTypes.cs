using System.Reflection;

namespace Ballast.Training;

/// <summary>From the catalogue to the records. It looks at types only, so whoever asks does not pay for libtorch.</summary>
public static class RemedyTypes
{
    private static readonly Lazy<DocComments> Data = new(() => DocComments.Of(typeof(Remedy).Assembly));
    private static readonly Lazy<DocComments> Training = new(() => DocComments.Of(typeof(RemedyTypes).Assembly));

    /// <summary>The type of a remedy.</summary>
    public static Type Of(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return Named(remedy.Type);
    }

    /// <summary>The base record of a family; null for remedies that stand alone.</summary>
    public static Type? Of(RemedyFamily family)
    {
        ArgumentNullException.ThrowIfNull(family);
        return family.Type.Length == 0 ? null : Named(family.Type);
    }

    /// <summary>The options of a remedy; none where it is a function instead of a record.</summary>
    /// <exception cref="InputException">The files of doc comments are missing beside the program.</exception>
    public static IReadOnlyList<RecipeOption> Options(Remedy remedy)
    {
        var type = Of(remedy);
        return type.IsAbstract ? [] : RecipeOption.Of(type, Comments(type));
    }

    /// <summary>What the record says of itself.</summary>
    /// <exception cref="InputException">The files of doc comments are missing beside the program.</exception>
    public static string Summary(Remedy remedy)
    {
        var type = Of(remedy);
        return Comments(type).Summary(type);
    }

    private static DocComments Comments(Type type) => (type.Assembly == typeof(Remedy).Assembly ? Data : Training).Value;

    private static Type Named(string name)
    {
        Assembly[] halves = [typeof(Remedy).Assembly, typeof(RemedyTypes).Assembly];
        return halves.Select(half => half.GetType(name)).FirstOrDefault(type => type is not null)
            ?? throw new InvalidOperationException($"The catalogue names the type {name}, which there is not.");
    }
}
