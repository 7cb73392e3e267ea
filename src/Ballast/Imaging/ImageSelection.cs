namespace Ballast;

/// <summary>Finds images by what a person calls them.</summary>
public static class ImageSelection
{
    /// <summary>
    /// The index of an image: by its file as the annotations name it, its file's name, the name without extension, its id, or <c>#N</c> for the N-th image from
    /// 0; in this order.
    /// </summary>
    /// <exception cref="InputException">There is none (the sentence suggests the nearest name), or several have that name.</exception>
    public static int Find(DetectionDataset data, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(name);
        var asked = name.Replace('\\', '/');
        Func<int, bool>[] ways =
        [
            image => data.Images.File(image) == asked,
            image => FileName(data.Images.File(image)).SequenceEqual(asked),
            image => Stem(data.Images.File(image)).SequenceEqual(asked),
            image => data.Images.IdText(image) == name,
        ];
        foreach (var way in ways)
        {
            if (Only(data, name, way) is { } image) return image;
        }

        if (name.StartsWith('#') && int.TryParse(name.AsSpan(1), out var index) && index >= 0 && index < data.Images.Count) return index;
        throw new InputException($"'{data.Name}' has no image '{name}'.{Hint(data, name)} Give its file name, the name without extension, its id, or #N for the N-th from 0.");
    }

    private static int? Only(DetectionDataset data, string name, Func<int, bool> isMeant)
    {
        int? found = null;
        for (var image = 0; image < data.Images.Count; image++)
        {
            if (!isMeant(image)) continue;
            if (found is { } first)
                throw new InputException($"'{name}' may be '{data.Images.File(first)}' or '{data.Images.File(image)}'. "
                    + "Give the whole path as the annotations name it, or #N for the N-th from 0.");
            found = image;
        }

        return found;
    }

    private static string Hint(DetectionDataset data, string name)
    {
        var stems = Enumerable.Range(0, data.Images.Count).Select(image => Stem(data.Images.File(image)).ToString());
        return NearestWord.Hint(Path.GetFileNameWithoutExtension(name), stems);
    }

    private static ReadOnlySpan<char> FileName(string file) => file.AsSpan(file.LastIndexOf('/') + 1);

    private static ReadOnlySpan<char> Stem(string file) => Path.GetFileNameWithoutExtension(FileName(file));
}
