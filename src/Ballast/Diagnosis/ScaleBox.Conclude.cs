namespace Ballast;

internal sealed partial class ScaleBox
{
    public override Finding Conclude(DiagnosisContext context)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "scale",
            Subject = "boxes",
            Verdict = Verdict.CannotTell,
            Headline = UsableObjects.Missing(context) ?? "",
            Meaning = "Objects that cover less than a cell of the finest feature map leave almost no trace in it, so a detector learns them last or not at all.",
        };
        var sizes = new ScaleNumbers(context);
        if (frame.Headline.Length > 0) return frame with { Measures = Measures(sizes) };

        var judgement = sizes.Judge();
        var few = UsableObjects.TooFew(context);
        return frame with
        {
            Verdict = few is null ? judgement.Verdict : Verdict.CannotTell,
            Headline = few ?? Headline(sizes, judgement),
            Deciding = sizes.ClassDecides ? "under16-worst-class" : "under8",
            Measures = Measures(sizes),
            Figures = Figures(context, sizes),
            Tables = Tables(sizes),
            Remedies = judgement.Verdict == Verdict.Balanced ? [] : Remedies(context, sizes),
            Examples = context.Data is { } data ? Smallest(data, context) : [],
        };
    }

    private static string Headline(ScaleNumbers sizes, Judgement judgement)
    {
        var at = $"at input side {sizes.Profile.Input}";
        if (judgement.Verdict == Verdict.Balanced)
            return $"objects are large enough {at}: half are over {Phrases.Pixels(sizes.Quantile(0.5))}, {Phrases.Percent(sizes.Under[0].Value)} are under 8 px";
        var anchor = sizes.Profile.Anchors.SmallestSize;
        if (!sizes.ClassDecides)
            return $"{Phrases.Percent(sizes.Under[0].Value)} of objects are under 8 px {at}{Phrases.Interval(sizes.Under[0], Phrases.Percent)}{judgement.Doubt(sizes.Objects, "objects")}";
        var median = sizes.Quantile(0.5, sizes.Worst);
        var against = median < anchor ? $"; half are under {Phrases.Pixels(median)}, the smallest anchor is {Phrases.Pixels(anchor)}" : "";
        return $"{Phrases.Percent(sizes.WorstUnder16.Value)} of {sizes.Classes[sizes.Worst]} are under 16 px {at}{Phrases.Interval(sizes.WorstUnder16, Phrases.Percent)}{judgement.Doubt(sizes.ClassCount(sizes.Worst), "objects")}{against}";
    }

    private static List<Measure> Measures(ScaleNumbers sizes)
    {
        var at = $"at input side {sizes.Profile.Input}";
        List<Measure> measures =
        [
            new("objects", sizes.Objects, null, null, "objects whose size is known"),
            new("median-px", sizes.Quantile(0.5), null, null, $"median square root of the area, pixels {at}"),
            sizes.Under[0].As("under8", $"share of objects under 8 px {at}, in [0, 1]") with { Unit = "%", Label = "objects under 8 px" },
            sizes.Under[1].As("under16", $"share of objects under 16 px {at}, in [0, 1]"),
            sizes.Under[2].As("under32", $"share of objects under 32 px {at}, in [0, 1]"),
            sizes.WorstUnder16.As("under16-worst-class", $"share under 16 px {at} of the class with the largest share, among classes of at least {Verdicts.FewestObjects} objects") with { Unit = "%", Label = "objects under 16 px, worst class" },
            new("spread-octaves", sizes.SpreadInOctaves, null, null, "standard deviation of log2 of the size: 1 is a factor of 2"),
            sizes.Elongated.As("beyond-1-to-3", "share of objects with one side over three times the other; anchors of usual ratios reach 1 : 2"),
        ];
        string[] names = ["small", "medium", "large"];
        for (var i = 0; i < names.Length; i++) measures.Add(sizes.Coco(0, i).As($"coco-{names[i]}", $"share of {names[i]} objects by COCO's 32 and 96 px in the image as it is"));
        for (var i = 0; i < names.Length; i++)
            measures.Add(sizes.Coco(1, i).As($"scaled-{names[i]}", $"share of {names[i]} objects when 32 and 96 px are scaled with the image (they belong to a short side of 480 px)"));
        return measures;
    }

    private static List<Table> Tables(ScaleNumbers sizes)
    {
        List<Table> tables =
        [
            new(
                $"sizes of each class at input side {sizes.Profile.Input} (square root of the area)",
                ["class", "objects", "median", "10-90 %", "under 8 px", "under 16 px", "under 32 px", "beyond 1 : 3"],
                [.. sizes.ClassesBySmallest.Take(ScaleNumbers.MostRows).Select(@class => (IReadOnlyList<string>)
                [
                    sizes.Classes[@class],
                    $"{sizes.ClassCount(@class):N0}",
                    Phrases.Pixels(sizes.Quantile(0.5, @class)),
                    $"{Phrases.Pixels(sizes.Quantile(0.1, @class))} - {Phrases.Pixels(sizes.Quantile(0.9, @class))}",
                    .. Enumerable.Range(1, 4).Select(column => Phrases.Percent(sizes.ClassShare(@class, column).Value)),
                ])]),
            new(
                "objects under 8, 16 and 32 px at other input sides",
                ["shorter side", "under 8 px", "under 16 px", "under 32 px"],
                [.. Sides.Select((side, i) => (IReadOnlyList<string>)[Phrases.Pixels(side), .. Enumerable.Range(0, 3).Select(limit => Phrases.Percent(sizes.UnderAt(i, limit)))])]),
            new(
                "small, medium and large",
                ["thresholds", "small", "medium", "large"],
                [
                    ["32 and 96 px in the image (COCO)", .. Enumerable.Range(0, 3).Select(i => Phrases.Percent(sizes.Coco(0, i).Value))],
                    ["scaled with the image's short side", .. Enumerable.Range(0, 3).Select(i => Phrases.Percent(sizes.Coco(1, i).Value))],
                ]),
        ];
        return tables;
    }

    /// <summary>The smallest objects after the resize, each of another image where there are enough.</summary>
    private static List<Example> Smallest(DetectionDataset data, DiagnosisContext context)
    {
        const int Most = 6;
        var smallest = new PriorityQueue<(int Image, int Box, int Class, double Size), double>();
        var image = new ImageObjects();
        for (var i = 0; i < data.Images.Count; i++)
        {
            context.Options.Cancellation.ThrowIfCancellationRequested();
            image.Load(data, i, context.Profile.Input);
            var (best, bestSize) = (-1, double.PositiveInfinity);
            for (var k = 0; k < image.Count; k++)
            {
                var size = Math.Sqrt((double)image.ResizedBoxes[k].Width * image.ResizedBoxes[k].Height);
                if (size < bestSize) (best, bestSize) = (k, size);
            }

            if (best < 0) continue;
            smallest.Enqueue((i, image.Boxes[best], image.Classes[best], bestSize), -bestSize);
            if (smallest.Count > Most) smallest.Dequeue();
        }

        return [.. smallest.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Size).ThenBy(item => item.Image)
            .Select(item => new Example("the smallest", item.Image, item.Box, $"{data.Classes[item.Class]}, {Phrases.Pixels(item.Size)} at the input side"))];
    }
}
