namespace Ballast;

/// <summary>
/// Colours of classes that show imbalance at a glance: classes with more than their share of boxes are grey, the others get the colours of Okabe and Ito
/// (2008), which people with every kind of colour vision tell apart, the rarest class the most striking one.
/// </summary>
public static class ClassColors
{
    /// <summary>Okabe and Ito's colours without black, the most striking first.</summary>
    private static readonly Rgb[] Palette =
    [
        new(0xD5, 0x5E, 0x00), new(0x00, 0x72, 0xB2), new(0xF0, 0xE4, 0x42), new(0x00, 0x9E, 0x73), new(0xCC, 0x79, 0xA7), new(0x56, 0xB4, 0xE9), new(0xE6, 0x9F, 0x00),
    ];

    private static readonly Rgb Black = new(0, 0, 0);
    private static readonly Rgb White = new(255, 255, 255);

    /// <summary>The grey of classes that have more than one and a half times their share.</summary>
    public static Rgb Majority { get; } = new(0xB8, 0xB8, 0xB8);

    /// <summary>Whether a class has more than one and a half times the boxes it had if all classes with boxes had the same.</summary>
    /// <param name="counts">Boxes of each class.</param>
    /// <param name="class">Index of the class.</param>
    public static bool IsMajority(IReadOnlyList<long> counts, int @class)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var present = counts.Count(count => count > 0);
        return counts[@class] * 2 * (Int128)present > 3 * (Int128)counts.Sum();
    }

    /// <summary>A colour for each class. Beyond seven classes the colours come again lighter, then darker.</summary>
    /// <param name="counts">Boxes of each class.</param>
    public static Rgb[] Of(IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var colours = new Rgb[counts.Count];
        var next = 0;
        foreach (var @class in Enumerable.Range(0, counts.Count).OrderBy(@class => counts[@class] == 0).ThenBy(@class => counts[@class]))
            colours[@class] = IsMajority(counts, @class) ? Majority : Shade(next++);
        return colours;
    }

    private static Rgb Shade(int index)
    {
        var colour = Palette[index % Palette.Length];
        return (index / Palette.Length % 3) switch
        {
            0 => colour,
            1 => colour.Mix(White, 45),
            _ => colour.Mix(Black, 40),
        };
    }
}
