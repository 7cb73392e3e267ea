namespace Ballast;

/// <summary>How common a class is.</summary>
public enum Frequency
{
    /// <summary>The classes a detector sees least.</summary>
    Rare,

    /// <summary>Those between.</summary>
    Common,

    /// <summary>The classes a detector sees most.</summary>
    Frequent,
}

/// <summary>
/// The classes of a data set by how common they are: LVIS's groups (rare to 10 images, common to 100, frequent above; Gupta et al. 2019, arXiv:1908.03195) where they
/// part the classes, else thirds of the classes by number of images.
/// </summary>
public sealed record FrequencyGroups
{
    private const int LvisRare = 10;
    private const int LvisCommon = 100;

    /// <summary>The group of each class; null for a class without images.</summary>
    public required Values<Frequency?> Of { get; init; }

    /// <summary>Images with at least one object of each class.</summary>
    public required Values<int> Images { get; init; }

    /// <summary>How the groups were made, one sentence.</summary>
    public required string Rule { get; init; }

    /// <summary>The classes of a group, by index.</summary>
    public IReadOnlyList<int> Classes(Frequency group) => [.. Enumerable.Range(0, Of.Count).Where(k => Of[k] == group)];

    /// <summary>The rarest group that has classes; null when no class has images.</summary>
    public Frequency? Rarest => Of.Where(group => group is not null).Min();

    /// <summary>Groups the classes of a truth.</summary>
    /// <param name="truth">Whose classes.</param>
    /// <param name="training">What the detector learned from, where it is at hand: its numbers of images decide then, by class name. Else those of the truth.</param>
    public static FrequencyGroups By(DetectionDataset truth, DetectionDataset? training = null)
    {
        if (training is null) return By(ImagesPerClass(truth), truth.Name);
        var counts = ImagesPerClass(training);
        return By([.. truth.Classes.Select(training.Classes.IndexOf).Select(k => k < 0 ? 0 : counts[k])], training.Name);
    }

    /// <summary>Groups classes by their numbers of images.</summary>
    /// <param name="images">Images with at least one object, for each class.</param>
    /// <param name="name">Name of the data set the numbers are of.</param>
    internal static FrequencyGroups By(int[] images, string name)
    {
        var lvis = Array.ConvertAll(images, count => count == 0 ? (Frequency?)null : count <= LvisRare ? Frequency.Rare : count <= LvisCommon ? Frequency.Common : Frequency.Frequent);
        if (lvis.Where(group => group is not null).Distinct().Count() > 1)
            return new() { Of = [.. lvis], Images = [.. images], Rule = $"Rare classes have at most {LvisRare} images in '{name}', common at most {LvisCommon}, frequent more (LVIS)." };
        return new() { Of = [.. Thirds(images)], Images = [.. images], Rule = $"Rare, common and frequent are the thirds of the classes by number of images in '{name}'." };
    }

    /// <summary>Thirds by rank; classes with equal numbers stay together, and with fewer than three different numbers the middle is empty.</summary>
    private static Frequency?[] Thirds(int[] images)
    {
        var sorted = images.Where(count => count > 0).Order().ToArray();
        return Array.ConvertAll(images, count =>
        {
            if (count == 0) return (Frequency?)null;
            var below = sorted.Count(other => other < count);
            var above = sorted.Count(other => other > count);
            // Where all classes are alike none is rare: the test for the top comes first.
            if (above == 0) return Frequency.Frequent;
            if (below == 0) return Frequency.Rare;
            var middle = (below + (sorted.Length - above)) / 2.0;
            return middle < sorted.Length / 3.0 ? Frequency.Rare : middle > sorted.Length * 2 / 3.0 ? Frequency.Frequent : Frequency.Common;
        });
    }

    private static int[] ImagesPerClass(DetectionDataset data)
    {
        var counts = new int[data.Classes.Count];
        var seen = new int[data.Classes.Count];
        for (var image = 0; image < data.Images.Count; image++)
        {
            var (start, end) = data.Boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var k = data.Boxes.Class(box);
                if (k < 0 || data.Boxes.IsIgnored(box) || seen[k] == image + 1) continue;
                seen[k] = image + 1;
                counts[k]++;
            }
        }

        return counts;
    }
}
