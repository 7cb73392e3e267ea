namespace Ballast;

/// <summary>What a sampler asks of the candidates beyond their assignment, so that a detector computes nothing in vain and can refuse before training begins.</summary>
[Flags]
public enum CandidateNeeds
{
    /// <summary>The assignment is enough.</summary>
    None = 0,

    /// <summary>The largest IoU of every candidate, background included: <see cref="Candidates.Overlaps"/>.</summary>
    Overlaps = 1,

    /// <summary>The candidates' own boxes: <see cref="Candidates.Boxes"/>.</summary>
    Boxes = 2,

    /// <summary>The classification loss of each candidate under the current head: <see cref="Candidates.Losses"/>.</summary>
    Losses = 4,

    /// <summary>The best foreground class' probability and its decoded box: <see cref="Candidates.Scores"/>, <see cref="Candidates.PredictedBoxes"/>.</summary>
    Predictions = 8,
}

/// <summary>Computes the classification loss of every candidate under the current head, without gradient.</summary>
/// <param name="losses">[N]: receives the losses; one that is not a number ranks as the easiest.</param>
public delegate void CandidateLosses(Span<float> losses);

/// <summary>Computes what the current head predicts for every candidate, without gradient.</summary>
/// <param name="scores">[N]: receives the probability of the most probable foreground class.</param>
/// <param name="boxes">Empty; receives N boxes, the candidate's decoded by that class' deltas.</param>
public delegate void CandidatePredictions(Span<float> scores, BoxArray boxes);
