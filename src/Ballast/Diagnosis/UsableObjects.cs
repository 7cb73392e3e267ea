namespace Ballast;

/// <summary>
/// How many objects can be placed and measured (known class, usable box, image of known size), and, where none can, the sentence that says what is missing. The
/// findings about sizes and places share it.
/// </summary>
internal static class UsableObjects
{
    /// <summary>[2]: images whose size is not known, objects on them; <see cref="ScaleBox"/> counts them.</summary>
    public const string UnsizedTally = "objects/unsized";

    /// <summary>Number of usable objects.</summary>
    public static long Of(TallySet counts)
    {
        var small = counts[ScaleBox.SmallTally];
        var objects = 0L;
        for (var @class = 0; @class < small.Shape[0]; @class++) objects += small[@class, 0];
        return objects;
    }

    /// <summary>Why nothing can be said of sizes and places, or null when something can.</summary>
    public static string? Missing(DiagnosisContext context)
    {
        var counts = context.Counts;
        if (context.Images == 0) return "cannot tell: there are no images";
        var (unsized, unsizedObjects) = (counts[UnsizedTally][0], counts[UnsizedTally][1]);
        var objects = counts[ClassForeground.BoxTally].Total();
        if (objects == 0) return $"cannot tell: there are no boxes on {Phrases.Count(context.Images, "image", "images")}";
        if (Of(counts) > 0) return null;
        return unsizedObjects == 0
            ? $"cannot tell: none of {Phrases.Count(objects, "box", "boxes")} has a usable shape (ballast check --flaws lists why)"
            : $"cannot tell: the size of {Phrases.Count(unsized, "image", "images")} is not known; give the images with --images DIR";
    }

    /// <summary>Why a number is too uncertain to judge, or null: fewer objects or images than <see cref="Verdicts"/> asks for.</summary>
    public static string? TooFew(DiagnosisContext context, long fewest = Verdicts.FewestObjects)
    {
        var objects = Of(context.Counts);
        if (objects < fewest) return $"cannot tell: {Phrases.Count(objects, "box", "boxes")}, at least {fewest} are needed";
        return context.Images < Verdicts.FewestImages
            ? $"cannot tell: {Phrases.Count(context.Images, "image", "images")}, at least {Verdicts.FewestImages} are needed"
            : null;
    }
}
