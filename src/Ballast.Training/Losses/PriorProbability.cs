namespace Ballast.Training;

/// <summary>
/// The bias that makes a sigmoid start at a given probability (Lin et al. 2017, arXiv:1708.02002, section 3.3): -ln((1 - pi) / pi). Without it the many
/// background anchors drive the first steps of a dense head apart.
/// </summary>
public static class PriorProbability
{
    /// <summary>Focal loss's pi.</summary>
    public const double Focal = 0.01;

    /// <summary>The bias of a probability in (0, 1).</summary>
    public static double Bias(double probability)
        => probability is > 0 and < 1 ? -Math.Log((1 - probability) / probability)
            : throw new InputException($"A prior probability is {probability}; it must be more than 0 and less than 1.");

    /// <summary>
    /// Guided loss's pi (Chen et al. 2019, arXiv:1909.04868, section 3.2): the share of positive anchors, spread over the classes; null when it was not
    /// measured.
    /// </summary>
    public static double? Guided(DatasetFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.PositiveAnchorFraction / facts.Classes.Count;
    }
}
