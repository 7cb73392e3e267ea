namespace Ballast;

internal sealed partial class Location
{
    private static List<Advice> Remedies(DiagnosisContext context, long objects)
    {
        var cells = context.Counts[CenterTally].Values();
        var side = PlaceGrid.SideFor(objects);
        var before = PlaceGrid.Divergence(cells, objects);
        List<Advice> remedies = [];
        Add(remedies, before, PlaceGrid.DivergenceOfShares(PlaceGrid.InHalfCrops(cells), side), new()
        {
            Title = "random crops of half the sides",
            Effect = "",
            Cost = "objects longer than the crop are cut; fewer objects an image",
            Command = $"ballast rebalance {context.DataArgument} --augment random-crop=0.5",
        });
        Add(remedies, before, PlaceGrid.DivergenceOfShares(PlaceGrid.AfterShifts(cells), side), new()
        {
            Title = "random shifts of up to a quarter of the sides",
            Effect = "",
            Cost = "what leaves the image is lost, what enters it is empty",
            Command = $"ballast rebalance {context.DataArgument} --augment random-shift=0.25",
        });
        if (before > Verdicts.LocationKl.Mild) remedies.Add(CopyPaste(context, cells, side, before));
        return
        [
            .. remedies.OrderByDescending(advice => advice.Gain),
            new()
            {
                Title = "guided anchoring",
                Effect = "anchors are placed where objects are likely instead of everywhere",
                Cost = "a location and a shape branch in the head",
                Command = $"ballast train {context.DataArgument} --set detector.anchoring=guided-anchoring",
                Paper = "Wang et al. 2019, arXiv:1901.03278",
            },
        ];
    }

    private static void Add(List<Advice> remedies, double before, double after, Advice advice)
    {
        if (after >= before * 0.95) return;
        remedies.Add(advice with { Effect = $"KL of centres to even: {before:0.00} -> {after:0.00}", Computed = true, Gain = (before - after) / before });
    }

    private static Advice CopyPaste(DiagnosisContext context, double[] cells, int side, double before)
    {
        var share = PlaceGrid.UniformShareFor(cells, side, Verdicts.LocationKl.Mild);
        return new()
        {
            Title = "copy-paste at even places",
            Effect = $"KL of centres to even: {before:0.00} -> {Verdicts.LocationKl.Mild:0.00} when {Phrases.Percent(share)} of the objects seen are pasted",
            Computed = true,
            Gain = (before - Verdicts.LocationKl.Mild) / before,
            Cost = $"{Phrases.Number(share / (1 - share))} pasted objects for each real one; pasted edges can be learned instead of objects",
            Command = $"ballast rebalance {context.DataArgument} --augment copy-paste={share:0.00}",
            Paper = "Ghiasi et al. 2021, arXiv:2012.07177",
        };
    }
}
