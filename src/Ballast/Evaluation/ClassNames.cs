using System.Globalization;

namespace Ballast;

/// <summary>Finds out how a file of detections names classes.</summary>
internal sealed class ClassNames(DetectionDataset truth, IdNumbering names)
{
    /// <summary>The class each name stands for (-1 where none), and the sentence that says how.</summary>
    /// <param name="wanted">The naming a person asked for, or null.</param>
    /// <param name="usual">The naming the file's format prescribes, taken when all names fit it; null when it prescribes none.</param>
    /// <param name="file">The file, for sentences.</param>
    public (int[] Map, string Sentence) Resolve(ClassNaming? wanted, ClassNaming? usual, string file)
    {
        if (wanted is null && usual is { } prescribed)
        {
            var map = MapBy(prescribed);
            if (!map.Contains(-1)) return (map, Sentence(prescribed));
        }

        var maps = Enum.GetValues<ClassNaming>().Where(naming => wanted is null || naming == wanted).Select(naming => (Naming: naming, Map: MapBy(naming))).ToArray();
        var best = NamingChoice.Best(maps.Select(map => map.Map).ToArray(), out var rival);
        if (rival >= 0)
        {
            throw new InputException($"'{file}' can be read in two ways: its classes are named {Describe(maps[best].Naming)}, or {Describe(maps[rival].Naming)}, and these are different classes. "
                + $"Say which with --map-classes: {Word(maps[best].Naming)} or {Word(maps[rival].Naming)}.");
        }

        return (maps[best].Map, Sentence(maps[best].Naming));
    }

    private static string Sentence(ClassNaming naming) => $"classes are named {Describe(naming)}";

    /// <summary>As <c>--map-classes</c> takes it.</summary>
    private static string Word(ClassNaming naming) => naming switch
    {
        ClassNaming.ZeroBased => "index0",
        ClassNaming.OneBased => "index1",
        _ => naming.ToString().ToLowerInvariant(),
    };

    private static string Describe(ClassNaming naming) => naming switch
    {
        ClassNaming.Id => "by id",
        ClassNaming.Name => "by name",
        ClassNaming.ZeroBased => "by place, from 0",
        _ => "by place, from 1",
    };

    private int[] MapBy(ClassNaming naming)
    {
        var numbers = new Dictionary<long, int>();
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var k = 0; k < truth.Classes.Count; k++)
        {
            if (naming == ClassNaming.Name) NamingChoice.Add(texts, truth.Classes[k], k);
            else NamingChoice.Add(numbers, naming == ClassNaming.Id ? truth.Classes.Id(k) : naming == ClassNaming.OneBased ? k + 1 : k, k);
        }

        var map = new int[names.Count];
        for (var i = 0; i < map.Length; i++) map[i] = Find(naming, i, numbers, texts);
        return map;
    }

    private int Find(ClassNaming naming, int name, Dictionary<long, int> numbers, Dictionary<string, int> texts)
    {
        var text = names.TextId(name);
        if (naming == ClassNaming.Name) return NamingChoice.Find(texts, text ?? names.Id(name).ToString(CultureInfo.InvariantCulture));
        if (text is null) return NamingChoice.Find(numbers, names.Id(name));
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? NamingChoice.Find(numbers, number) : -1;
    }
}
