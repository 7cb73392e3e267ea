namespace Ballast;

/// <summary>Objects that no anchor matches at the threshold, from as many images as possible.</summary>
internal static class AnchorExamples
{
    private const int Most = 6;
    private const int MostLookedAt = 400;

    public static IReadOnlyList<Example> Of(AnchorView view)
    {
        if (view.Context.Data is not { } data || view.Worst < 0 || view.WorstMatched.Value > 0.99) return [];
        var image = new ImageObjects(new AnchorMatches(view.Context.Profile));
        var examples = new List<Example>();
        foreach (var (index, _) in ClassExamples.OfClass(data, view.Worst, MostLookedAt))
        {
            image.Load(data, index, view.Context.Profile.Input);
            if (image.Matches is not { } matches) continue;
            for (var i = 0; i < image.Count; i++)
            {
                if (image.Classes[i] != view.Worst || matches.StrongPositives[i] > 0) continue;
                var box = image.ResizedBoxes[i];
                examples.Add(new("no anchor matches", index, image.Boxes[i], $"{data.Classes[view.Worst]}, {box.Width:0} x {box.Height:0} px at the input, best IoU {matches.BestOverlaps[i]:0.00}"));
                break;
            }

            if (examples.Count == Most) break;
        }

        return examples;
    }
}
