namespace Ballast;

/// <summary>
/// Variance voting (He et al. 2019, arXiv:1809.08545, eq. 11 and algorithm 1), inside soft-NMS: a box that stays moves to the mean of the boxes that overlap it,
/// each side weighed by p_i / s_i^2 with p_i = e^(-(1 - IoU_i)^2 / sigma) and s_i how unsure the detector is of that side. Overlaps are those of the boxes as
/// they were predicted; boxes that stayed before no longer vote. For detectors whose box loss predicts variances (KL).
/// </summary>
public sealed record VarianceVoting
{
    private readonly float _sigma = 0.01f;
    private readonly float _iou;

    /// <summary>How scores fall.</summary>
    public SoftSuppression Suppression { get; init; } = new();

    /// <summary>The paper's sigma_t: how fast the vote of a box falls with its IoU, positive; 0.01 in the release.</summary>
    public float Sigma
    {
        get => _sigma;
        init => _sigma = value > 0 && float.IsFinite(value) ? value : throw new InputException($"VarianceVoting.Sigma is {value}; it must be positive.");
    }

    /// <summary>IoU above which a box votes, in [0, 1); the paper's 0.</summary>
    public float IoU
    {
        get => _iou;
        init => _iou = value is >= 0 and < 1 ? value : throw new InputException($"VarianceVoting.IoU is {value}; it must be from 0 to less than 1.");
    }

    /// <summary>Lowers the scores of the boxes of one class, drops what falls too low, and moves what stays.</summary>
    /// <param name="boxes">[N].</param>
    /// <param name="deviations">[N]: of each box's sides, all in one unit; 0 and what is not a number count as very small.</param>
    /// <param name="scores">[N]; receives the lowered scores.</param>
    /// <param name="keep">Receives the indices that stay, best lowered score first, appended.</param>
    /// <param name="voted">Receives the moved boxes, in the order of <paramref name="keep"/>, appended.</param>
    public void Apply(BoxArray boxes, ReadOnlySpan<SideDeviations> deviations, Span<float> scores, List<int> keep, BoxArray voted)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        ArgumentNullException.ThrowIfNull(voted);
        ArgumentOutOfRangeException.ThrowIfNotEqual(deviations.Length, boxes.Count, nameof(deviations));
        var precisions = new SidePrecision[boxes.Count];
        for (var i = 0; i < precisions.Length; i++) precisions[i] = SidePrecision.Of(deviations[i]);
        Suppression.Apply(boxes, scores, keep, (best, left, current) => voted.Add(Vote(boxes, precisions, best, left, current)));
    }

    private Box Vote(BoxArray boxes, SidePrecision[] precisions, int best, ReadOnlySpan<int> left, ReadOnlySpan<float> scores)
    {
        var votes = default(Votes);
        votes.Add(boxes[best], precisions[best], 1);
        foreach (var i in left)
        {
            if (!(scores[i] >= Suppression.MinimumScore)) continue;
            var overlap = Overlap.IoU(boxes[best], boxes[i]);
            if (overlap > IoU) votes.Add(boxes[i], precisions[i], Math.Exp(-(1 - overlap) * (1 - overlap) / Sigma));
        }

        return votes.Mean();
    }

    /// <summary>One over the squared deviation of each side.</summary>
    private readonly record struct SidePrecision(double Left, double Top, double Right, double Bottom)
    {
        private const double Least = 1e-6;

        public static SidePrecision Of(in SideDeviations deviations)
            => new(One(deviations.Left), One(deviations.Top), One(deviations.Right), One(deviations.Bottom));

        private static double One(double deviation) => 1 / (deviation > Least ? deviation * deviation : Least * Least);
    }

    private struct Votes
    {
        private double _x1;
        private double _y1;
        private double _x2;
        private double _y2;
        private double _left;
        private double _top;
        private double _right;
        private double _bottom;

        public void Add(in Box box, in SidePrecision precision, double vote)
        {
            (_x1, _left) = (_x1 + (vote * precision.Left * box.X1), _left + (vote * precision.Left));
            (_y1, _top) = (_y1 + (vote * precision.Top * box.Y1), _top + (vote * precision.Top));
            (_x2, _right) = (_x2 + (vote * precision.Right * box.X2), _right + (vote * precision.Right));
            (_y2, _bottom) = (_y2 + (vote * precision.Bottom * box.Y2), _bottom + (vote * precision.Bottom));
        }

        public readonly Box Mean() => new((float)(_x1 / _left), (float)(_y1 / _top), (float)(_x2 / _right), (float)(_y2 / _bottom));
    }
}
