namespace Ballast.Training;

/// <summary>Centre-ness (Tian et al. 2019, arXiv:1904.01355, eq. 3): sqrt(min(l, r) / max(l, r) x min(t, b) / max(t, b)).</summary>
public static class Centerness
{
    /// <summary>[P]: how central the centre of each positive's anchor lies in its truth, 1 in the middle, 0 at the edge and outside.</summary>
    public static float[] Of(AnchorTargets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var values = new float[targets.Positives.Count];
        for (var i = 0; i < values.Length; i++) values[i] = Of(targets.PositiveAnchors[i], targets.TruthBoxes[i]);
        return values;
    }

    /// <summary>How central an anchor's centre lies in a truth.</summary>
    public static float Of(in Box anchor, in Box truth)
        => MathF.Sqrt(Balance(anchor.CenterX - truth.X1, truth.X2 - anchor.CenterX) * Balance(anchor.CenterY - truth.Y1, truth.Y2 - anchor.CenterY));

    private static float Balance(float before, float after) => MathF.Max(0, MathF.Min(before, after)) / MathF.Max(MathF.Max(before, after), float.Epsilon);
}
