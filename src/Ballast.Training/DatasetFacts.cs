namespace Ballast.Training;

/// <summary>What losses and heads need to know of the data they are trained on; kept with the run.</summary>
public sealed record DatasetFacts
{
    private readonly double? _share;

    /// <summary>K class names.</summary>
    public required Values<string> Classes { get; init; }

    /// <summary>[K]: objects of each class, regions to ignore left out.</summary>
    public required Values<long> Objects { get; init; }

    /// <summary>[K]: images that show each class.</summary>
    public required Values<long> ImagesWith { get; init; }

    /// <summary>All images.</summary>
    public required long Images { get; init; }

    /// <summary>Share of the anchors that are objects, in (0, 1); null when it was not measured.</summary>
    public double? PositiveAnchorFraction
    {
        get => _share;
        init => _share = value is null or (> 0 and < 1) ? value
            : throw new InputException($"DatasetFacts.PositiveAnchorFraction is {value}; it must be more than 0 and less than 1.");
    }

    /// <summary>Counts a data set.</summary>
    public static DatasetFacts Of(DetectionDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var (objects, images, last) = (new long[data.Classes.Count], new long[data.Classes.Count], new int[data.Classes.Count]);
        for (var image = 0; image < data.Images.Count; image++)
        {
            var (start, end) = data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var @class = data.Boxes.Class(box);
                if (@class == BoxTable.UnknownClass || data.Boxes.IsIgnored(box)) continue;
                objects[@class]++;
                if (last[@class] == image + 1) continue;
                last[@class] = image + 1;
                images[@class]++;
            }
        }

        return new() { Classes = [.. data.Classes], Objects = [.. objects], ImagesWith = [.. images], Images = data.Images.Count };
    }

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">The counts are not one for each class.</exception>
    public void Validate()
    {
        if (Objects.Count != Classes.Count || ImagesWith.Count != Classes.Count)
            throw new InputException($"DatasetFacts has {Classes.Count} classes, {Objects.Count} counts of objects and {ImagesWith.Count} of images; there "
                + "must be one of each for every class.");
    }
}
