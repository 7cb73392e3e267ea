namespace Ballast;

internal sealed partial class ScaleBox
{
    private const int MostBars = 20;

    private static List<Advice> Remedies(DiagnosisContext context, ScaleNumbers sizes)
    {
        List<Advice> remedies = [];
        if (LargerInput(context, sizes) is { } larger) remedies.Add(larger);
        if (Tiles(context, sizes) is { } tiles) remedies.Add(tiles);
        remedies.Add(new()
        {
            Title = "multi-scale training",
            Effect = "every object is seen at several sizes, so fewer scales go unlearned",
            Cost = "up to the pixels of the largest scale; validation stays at one scale",
            Command = context.Train($$"""loader.augmentations=[{"type":"flip"},{"type":"multi-scale","shortSides":[{{string.Join(',', ShortSides(context.Profile.Input.Short))}}]}]"""),
            Paper = "Singh & Davis 2018, arXiv:1711.08189",
        });
        return [.. remedies.OrderByDescending(advice => advice.Gain)];
    }

    /// <summary>Five scales from half the input side to all of it, as multiples of 32 where that is possible.</summary>
    private static IEnumerable<int> ShortSides(int side)
        => Enumerable.Range(4, 5).Select(eighth => side * eighth / 8).Select(scaled => scaled >= 64 ? scaled / 32 * 32 : scaled).Append(side).Distinct().Order();

    /// <summary>The smallest input side at which the verdict's share is balanced; where none is, the largest of at most four times the pixels.</summary>
    private static Advice? LargerInput(DiagnosisContext context, ScaleNumbers sizes)
    {
        var input = context.Profile.Input;
        var (@class, limit, threshold) = Deciding(sizes);
        var now = Now(sizes);
        var larger = Enumerable.Range(0, Sides.Length).Where(side => Sides[side] > input.Short).ToArray();
        if (larger.Length == 0) return null;
        var side = larger.FirstOrDefault(side => sizes.UnderAt(side, limit, @class) <= threshold.Mild, -1);
        if (side < 0 || Sides[side] > 2 * input.Short) side = larger.LastOrDefault(side => Sides[side] <= 2 * input.Short, -1);
        if (side < 0) return null;
        var after = sizes.UnderAt(side, limit, @class);
        if (after >= now) return null;
        var factor = (double)Sides[side] / input.Short;
        var then = input with { Short = Sides[side], Long = (int)Math.Round(input.Long * factor) };
        return new()
        {
            Title = $"input side {then}",
            Effect = Effect(sizes, now, after),
            Computed = true,
            Gain = (now - after) / now,
            Cost = $"{Phrases.Number(factor * factor)} times the pixels, so about as many times the time and memory",
            Command = context.Train($"detector.profile.input={then}"),
        };
    }

    private static Advice? Tiles(DiagnosisContext context, ScaleNumbers sizes)
    {
        var (@class, limit, _) = Deciding(sizes);
        var now = Now(sizes);
        var after = sizes.UnderTiled(limit, @class);
        if (after >= now * 0.95) return null;
        var tile = TileSide(context.Profile.Input);
        var sized = context.Images - context.Counts[UsableObjects.UnsizedTally][0];
        var (tiles, pixels) = sizes.CostOfTiles(sized);
        var cut = sizes.CutByTiles > 0 ? $"; {Phrases.Percent(sizes.CutByTiles)} of objects are longer than a tile" : "";
        return new()
        {
            Title = $"tiles of {tile} px",
            Effect = Effect(sizes, now, after),
            Computed = true,
            Gain = (now - after) / now,
            Cost = $"{Phrases.Number(tiles)} tiles an image, {Phrases.Number(pixels)} times the pixels{cut}",
            Command = $"ballast rebalance {context.DataArgument} --tile {tile}",
            CommandExists = false,
            Paper = "Akyon et al. 2022, arXiv:2202.06934",
        };
    }

    private static (int Class, int Limit, Threshold Threshold) Deciding(ScaleNumbers sizes)
        => sizes.ClassDecides ? (sizes.Worst, 1, Verdicts.SmallFraction) : (-1, 0, Verdicts.TinyFraction);

    private static double Now(ScaleNumbers sizes) => sizes.ClassDecides ? sizes.WorstUnder16.Value : sizes.Under[0].Value;

    private static string Effect(ScaleNumbers sizes, double before, double after)
        => sizes.ClassDecides
            ? $"{sizes.Classes[sizes.Worst]} under 16 px: {Phrases.Percent(before)} -> {Phrases.Percent(after)}"
            : $"objects under 8 px: {Phrases.Percent(before)} -> {Phrases.Percent(after)}";
}
