namespace Ballast;

/// <summary>
/// The name an annotation gives its image, made comparable: forward slashes, no "." steps, a URL or a foreign absolute path cut down to what can be searched.
/// </summary>
internal static class ImageName
{
    /// <summary>Extensions of image files, with the dot, lower case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".gif", ".tif", ".tiff"];

    /// <summary>Whether a file name ends as images do.</summary>
    public static bool HasImageExtension(ReadOnlySpan<char> name)
    {
        var extension = Path.GetExtension(name);
        foreach (var known in Extensions)
        {
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>The steps of a name; empty when it cannot name a file. ".." steps that cancel a step are resolved, those at the front stay.</summary>
    public static string[] Steps(string name)
    {
        if (name.Contains('\0')) return [];
        if (IsUrl(name)) return LastSegment(name);
        var steps = new List<string>();
        foreach (var step in name.Split('/', '\\'))
        {
            if (step is "" or ".") continue;
            if (step == ".." && steps.Count > 0 && steps[^1] != "..") steps.RemoveAt(steps.Count - 1);
            else steps.Add(step);
        }

        if (steps.Count > 0 && steps[0] is [_, ':']) steps.RemoveAt(0);
        return steps.Count > 0 && steps[^1] == ".." ? [] : [.. steps];
    }

    /// <summary>Whether a name starts at the root of a disk, on any operating system.</summary>
    public static bool IsAbsolute(string name) => name is ['/' or '\\', ..] or [_, ':', ..];

    private static bool IsUrl(string name)
    {
        var colon = name.IndexOf("://", StringComparison.Ordinal);
        return colon > 1 && name.AsSpan(0, colon).IndexOfAnyExceptInRange('+', 'z') < 0;
    }

    /// <summary>A URL's last segment without query and fragment, its escapes decoded; it never becomes a step upwards.</summary>
    private static string[] LastSegment(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var path = (end < 0 ? url : url[..end]).TrimEnd('/');
        var name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        return name is "" or "." or ".." || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 ? [] : [name];
    }
}
