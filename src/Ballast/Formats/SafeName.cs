using System.Security.Cryptography;
using System.Text;

namespace Ballast;

/// <summary>How the names of images must differ for a format to tell them apart.</summary>
internal enum NameScope
{
    /// <summary>By their path (COCO).</summary>
    Path,

    /// <summary>By their name without folder and extension, in each part (YOLO).</summary>
    Part,

    /// <summary>By their name without folder and extension, in the whole set (Pascal VOC, Open Images).</summary>
    Set,
}

/// <summary>
/// File names that can be written anywhere: no step upwards, no absolute path, no control characters, nothing a file system reserves, no two that differ
/// only in upper and lower case.
/// </summary>
internal static class SafeName
{
    private const int LongestStep = 200;
    private const string Forbidden = "<>:\"|?*/\\";
    private static readonly string[] Devices = ["CON", "PRN", "AUX", "NUL", .. Numbered("COM"), .. Numbered("LPT")];

    /// <summary>Names for the images of a data set, each a relative path with forward slashes.</summary>
    /// <param name="images">The images.</param>
    /// <param name="scope">How the names must differ.</param>
    /// <param name="extensionOf">The extension of the image's file where the annotations name none, or "".</param>
    public static string[] Of(ImageTable images, NameScope scope, Func<int, string> extensionOf)
    {
        var names = new string[images.Count];
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var image = 0; image < names.Length; image++)
        {
            var steps = ImageName.Steps(images.File(image)).Where(step => step != "..").Select(OfStep).ToArray();
            if (steps.Length == 0) steps = [$"image-{image + 1}"];
            if (!ImageName.HasImageExtension(steps[^1])) steps[^1] += extensionOf(image);
            var part = scope == NameScope.Part ? images.Part(image) : 0;
            names[image] = scope == NameScope.Path ? Unique(string.Join('/', steps), taken) : Flat(steps, part, taken);
        }

        return names;
    }

    /// <summary>One step of a path made safe; "_" when nothing of it can stay.</summary>
    public static string OfStep(string step)
    {
        var text = new StringBuilder(step.Length);
        foreach (var rune in step.EnumerateRunes())
        {
            var isBad = Rune.IsControl(rune) || rune == Rune.ReplacementChar || (rune.IsBmp && Forbidden.Contains((char)rune.Value));
            text.Append(isBad ? "_" : rune.ToString());
        }

        var name = text.ToString().Trim().TrimEnd('.', ' ');
        if (name.Length == 0) return "_";
        if (Array.Exists(Devices, device => device.Equals(name.Split('.')[0].Trim(), StringComparison.OrdinalIgnoreCase))) name = "_" + name;
        return Shortened(name);
    }

    /// <summary>The name, or with a number before its extension when it is taken.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        if (taken.Add(name)) return name;
        var (stem, extension) = Split(name);
        for (var n = 2; ; n++)
        {
            var other = $"{stem}-{n}{extension}";
            if (taken.Add(other)) return other;
        }
    }

    /// <summary>
    /// The last step; when another image has it, with its folders in front; at last with a number. Images that differ only in the extension share their
    /// labels' name.
    /// </summary>
    private static string Flat(string[] steps, int part, HashSet<string> taken)
    {
        var (stem, extension) = Split(steps[^1]);
        if (taken.Add($"{part}/{stem}")) return stem + extension;
        var full = OfStep(string.Join('-', [.. steps[..^1], stem]));
        for (var n = 1; ; n++)
        {
            var other = n == 1 ? full : $"{full}-{n}";
            if (taken.Add($"{part}/{other}")) return other + extension;
        }
    }

    private static (string Stem, string Extension) Split(string name)
        => ImageName.HasImageExtension(name) && name.LastIndexOf('.') is > 0 and var dot ? (name[..dot], name[dot..]) : (name, "");

    /// <summary>Names beyond what file systems take are cut, and told apart by a hash of the whole.</summary>
    private static string Shortened(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= LongestStep) return name;
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4)).ToLowerInvariant();
        var extension = ImageName.HasImageExtension(name) ? Path.GetExtension(name) : "";
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > LongestStep - extension.Length - hash.Length - 1) break;
            kept.Append(rune.ToString());
        }

        return $"{kept}-{hash}{extension}";
    }

    private static IEnumerable<string> Numbered(string device) => Enumerable.Range(0, 10).Select(n => $"{device}{n}");
}
