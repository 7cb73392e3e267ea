using System.Globalization;

namespace Ballast;

public sealed partial class EvaluationSummary
{
    /// <summary>Which imbalance costs AP, how much, and how sure that is; one sentence.</summary>
    public string Verdict
    {
        get
        {
            if (Evaluation.Classes.All(c => c.Objects == 0)) return "Undefined: there is no truth to measure against.";
            if (Detections.Count == 0) return "There are no detections: every figure is 0.";
            if (Evaluation.Overall.AP == 0) return "Nothing is found: AP is 0, so no imbalance can be held responsible.";
            if (Costs.Count == 0) return "No imbalance costs AP: every slice of the objects is found as well as the largest one.";
            var dearest = Costs[0];
            return dearest.Interval switch
            {
                null => $"{CostSentence(dearest)}; no images were drawn again, so how sure that is is not known.",
                { IsReal: true } => $"{CostSentence(dearest)}.",
                { Low: double.NaN } interval => $"Cannot tell which imbalance costs AP: {NameInWords(dearest.By)} seems to, but by {interval.Objects} objects on {interval.Images} images.",
                _ => $"No imbalance costs AP beyond chance on these images; the largest cost is that of {NameInWords(dearest.By)}, {Figure(dearest.Cost)}{Range(dearest.Interval)}.",
            };
        }
    }

    /// <summary>Accuracy, what a model that sees nothing reaches, and balanced accuracy; one sentence, or null where no class occurs.</summary>
    public string? ParadoxSentence => Paradox.Classes.Count == 0
        ? null
        : $"Asked which classes an image holds, the detector is right in {Percent(Paradox.Accuracy)} of the answers, a model that sees nothing in {Percent(Paradox.Blind)}; "
            + (double.IsNaN(Paradox.Balanced) ? "balanced accuracy is undefined, for every class is in all images." : $"with present and absent counted alike it is {Percent(Paradox.Balanced)}, and 50 % is blind.");

    /// <summary>A command of this program on what the detector learned from, else on the truth, as a person can paste it: "ballast diagnose train.json".</summary>
    public string CommandFor(string verb) => $"ballast {verb} {Shell.Quote((Options.Training ?? Truth).Source.Path)}";

    /// <summary>What an axis' imbalance costs, with its interval where there is one: no full stop.</summary>
    public static string CostSentence(SlicedFigures axis)
    {
        var worst = Enumerable.Range(0, axis.Slices.Count).Where(i => axis.Shares[i] > 0).MaxBy(i => axis.Shares[i] * (axis.Slices[axis.Reference].AP - axis.Slices[i].AP));
        var name = NameInWords(axis.By);
        return $"{char.ToUpperInvariant(name[0])}{name[1..]} costs {Figure(axis.Cost)} AP{Range(axis.Interval)}: "
            + $"{SliceInWords(axis.By, axis.Slices[worst].Name)} reach {Figure(axis.Slices[worst].AP)}, {SliceInWords(axis.By, axis.Slices[axis.Reference].Name)} {Figure(axis.Slices[axis.Reference].AP)}";
    }

    /// <summary>An axis as people say it.</summary>
    public static string NameInWords(EvaluationAxis axis) => axis switch
    {
        EvaluationAxis.ClassFrequency => "class frequency",
        EvaluationAxis.Size => "object size",
        EvaluationAxis.PyramidLevel => "the pyramid level",
        EvaluationAxis.Zone => "the place in the image",
        _ => "crowding",
    };

    /// <summary>The objects of a slice as people say it.</summary>
    public static string SliceInWords(EvaluationAxis axis, string slice) => axis switch
    {
        EvaluationAxis.ClassFrequency => $"{slice} classes",
        EvaluationAxis.Size => $"objects {slice}",
        EvaluationAxis.PyramidLevel => $"objects of {slice}",
        EvaluationAxis.Zone => slice == "middle" ? "objects in the middle" : slice == "edge" ? "objects at an edge" : $"objects in a {slice}",
        _ => $"images of {slice}",
    };

    private static string Range(CostInterval? interval) => interval is null || double.IsNaN(interval.Low) ? "" : $" (95 %: {Figure(interval.Low)} to {Figure(interval.High)})";

    private static string Figure(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Percent(double share) => $"{(share * 100).ToString(share > 0.995 && share < 1 ? "0.0" : "0", CultureInfo.InvariantCulture)} %";
}
