namespace Ballast.Training;

/// <summary>Combinations that make no sense in any stage.</summary>
internal static class StageRules
{
    /// <summary>Refuses a sampler that ranks candidates by a loss of which a single candidate has none of its own.</summary>
    public static void RefuseRankingByCoupledLoss(string options, Sampler sampler, ClassificationLoss loss)
    {
        if ((sampler.Needs & CandidateNeeds.Losses) != 0 && loss.IsBatchCoupled)
            throw new InputException($"{options}.Sampler {sampler.GetType().Name} ranks candidates by their loss, and {loss.GetType().Name} weighs each by the others, or remembers "
                + "what it was shown. Choose one of the two.");
    }
}
