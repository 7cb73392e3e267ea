using static TorchSharp.torch;

namespace Ballast.Training;

/// <summary>The two halves of a total loss, as telemetry asks for them.</summary>
internal static class PartialLosses
{
    /// <summary>All classification losses and all box losses, weighed as they were in the total; null where there is none.</summary>
    public static (Tensor? Classification, Tensor? Box) Of(IReadOnlyList<LossTerms> stages, TotalLoss total)
    {
        var (classification, box, part) = ((Tensor?)null, (Tensor?)null, 0);
        foreach (var stage in stages)
        {
            if (stage.Classification is { } first) classification = Sum(classification, first.Value() * total.Parts[part++].Weight);
            if (stage.Box is { } second) box = Sum(box, second.Value() * total.Parts[part++].Weight);
        }

        return (classification, box);

        static Tensor Sum(Tensor? sum, Tensor value) => sum is null ? value : sum + value;
    }

    /// <summary>The gradients of a loss by some tensors, 0 where there is no path; the graph stays.</summary>
    public static Tensor[] Gradients(Tensor? loss, Tensor[] inputs)
    {
        if (loss is not { requires_grad: true }) return [.. inputs.Select(input => zeros_like(input))];
        var open = inputs.Where(input => input.requires_grad).ToArray();
        var found = open.Length == 0 ? [] : Backward.Gradients(loss, open);
        var next = 0;
        return [.. inputs.Select(input => input.requires_grad ? found[next++].detach() : zeros_like(input))];
    }

    /// <summary>[P]: what each object of a stage adds to its box loss; null where the loss is not one for each object.</summary>
    public static Tensor? OfObjects(StageView view, IReadOnlyList<LossTerms> stages, TotalLoss total)
    {
        if (stages.FirstOrDefault(stage => stage.Stage == view.Stage)?.Box is not { } term || term.Elements.dim() == 0) return null;
        if (term.Elements.shape[0] != view.Targets.Positives.Count) return null;
        var part = total.Parts.First(part => part.IsBox && part.Stage == view.Stage);
        var weighted = term.Elements.detach();
        if (term.Weights is { } weights) weighted *= weights.dim() < weighted.dim() ? weights.unsqueeze(-1) : weights;
        return (weighted.dim() > 1 ? weighted.flatten(1).sum(-1) : weighted) * (part.Weight / term.Normalizer);
    }
}

/// <summary>The pyramid's level of a candidate.</summary>
/// <param name="profile">The detector's.</param>
/// <param name="batch">Whose size the grid has.</param>
internal sealed class CandidateLevels(DetectorProfile profile, Batch batch)
{
    private const double PooledSide = 224;
    private const int PooledLevel = 4;
    private const int CoarsestPooled = 5;

    private readonly AnchorGrid _grid = profile.Anchors.Grid(batch.Width, batch.Height);

    /// <summary>The level of an anchor of the grid, or of the one anchor of a cell; of a region, the one that it is pooled from (Lin et al. 2017, arXiv:1612.03144, eq. 1).</summary>
    /// <param name="targets">What the candidate is of.</param>
    /// <param name="candidate">Its number in the batch.</param>
    /// <param name="box">Its box, pixels of the batch.</param>
    public int Of(AnchorTargets targets, int candidate, in Box box)
    {
        if (targets.Anchors == _grid.Count) return _grid.LevelOf(candidate % targets.Anchors);
        if (targets.Anchors == LocationTargets.Cells(_grid)) return _grid.LevelOf(candidate % targets.Anchors * (_grid.Count / targets.Anchors));
        var finest = BitLog(profile.Anchors.Levels[0].Stride);
        var level = Math.Floor(PooledLevel + Math.Log2(Math.Max(1e-6, Math.Sqrt((double)box.Width * box.Height)) / PooledSide));
        return (int)Math.Clamp(level, finest, Math.Min(CoarsestPooled, finest + profile.Anchors.Levels.Count - 1)) - finest;
    }

    private static int BitLog(double stride) => (int)Math.Round(Math.Log2(stride));
}
