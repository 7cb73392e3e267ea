using System.Globalization;

namespace Ballast;

/// <summary>Finds out how a file of detections names images.</summary>
internal sealed class ImageNames(DetectionDataset truth, IdNumbering names)
{
    /// <summary>The image each name stands for (-1 where none), and the sentence that says how.</summary>
    public (int[] Map, string Sentence) Resolve(ImageNaming? wanted, string file)
    {
        var maps = Enum.GetValues<ImageNaming>().Where(naming => wanted is null || naming == wanted).Select(naming => (Naming: naming, Map: MapBy(naming))).ToArray();
        var best = NamingChoice.Best(maps.Select(map => map.Map).ToArray(), out var rival);
        if (rival >= 0)
        {
            throw new InputException($"'{file}' can be read in two ways: its images are named {Describe(maps[best].Naming)}, or {Describe(maps[rival].Naming)}, and these are different images. "
                + $"Say which with --map-images: {Word(maps[best].Naming)} or {Word(maps[rival].Naming)}.");
        }

        return (maps[best].Map, $"Images are named {Describe(maps[best].Naming)}");
    }

    /// <summary>As <c>--map-images</c> takes it.</summary>
    private static string Word(ImageNaming naming) => naming == ImageNaming.File ? "name" : naming.ToString().ToLowerInvariant();

    private static string Describe(ImageNaming naming) => naming switch
    {
        ImageNaming.Id => "by id",
        ImageNaming.File => "by file name",
        _ => "by file name without its ending",
    };

    private int[] MapBy(ImageNaming naming)
    {
        var numbers = new Dictionary<long, int>();
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var image = 0; image < truth.Images.Count; image++) AddNames(naming, image, numbers, texts);
        var map = new int[names.Count];
        for (var i = 0; i < map.Length; i++) map[i] = Find(naming, i, numbers, texts);
        return map;
    }

    private void AddNames(ImageNaming naming, int image, Dictionary<long, int> numbers, Dictionary<string, int> texts)
    {
        var file = truth.Images.File(image);
        switch (naming)
        {
            case ImageNaming.Id when truth.Images.TextId(image) is { } text:
                NamingChoice.Add(texts, text, image);
                break;
            case ImageNaming.Id:
                NamingChoice.Add(numbers, truth.Images.Id(image), image);
                break;
            case ImageNaming.File when file.Length > 0:
                NamingChoice.Add(texts, file, image);
                if (NameOf(file) != file) NamingChoice.Add(texts, NameOf(file), image);
                break;
            case ImageNaming.Stem when file.Length > 0:
                var stem = StemOf(NameOf(file));
                NamingChoice.Add(texts, StemOf(file), image);
                if (stem != StemOf(file)) NamingChoice.Add(texts, stem, image);
                if (IsNumber(stem, out var number)) NamingChoice.Add(numbers, number, image);
                break;
        }
    }

    private int Find(ImageNaming naming, int name, Dictionary<long, int> numbers, Dictionary<string, int> texts)
    {
        if (names.TextId(name) is not { } text) return NamingChoice.Find(numbers, names.Id(name));
        var image = NamingChoice.Find(texts, text);
        if (image < 0 && naming != ImageNaming.Id) image = NamingChoice.Find(texts, NameOf(text.Replace('\\', '/')));
        return image < 0 && naming != ImageNaming.File && IsNumber(text, out var number) ? NamingChoice.Find(numbers, number) : image;
    }

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string NameOf(string file) => file[(file.LastIndexOf('/') + 1)..];

    private static string StemOf(string file)
    {
        var dot = file.LastIndexOf('.');
        return dot > file.LastIndexOf('/') + 1 ? file[..dot] : file;
    }
}
