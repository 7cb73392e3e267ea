namespace Ballast.Training;

/// <summary>
/// Which remedies go together: the one room for rules that no single part can know. What makes no sense is refused with the reason; what works and works against itself is
/// a note.
/// </summary>
public static class Compatibility
{
    /// <summary>Checks the slots of a stage that looks at anchors.</summary>
    /// <param name="owner">The record that has the slots, for sentences.</param>
    /// <param name="profile">The anchors.</param>
    /// <param name="assigner">How they are assigned.</param>
    /// <param name="sampler">Which of them count.</param>
    /// <param name="loss">What they are classified by.</param>
    /// <exception cref="InputException">Two of them contradict each other.</exception>
    public static void CheckStage(string owner, DetectorProfile profile, Assigner assigner, Sampler sampler, ClassificationLoss loss)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(assigner);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(loss);
        assigner.Validate();
        sampler.Validate();
        CheckAssigner(owner, profile, assigner);
        CheckSampler(owner, sampler, loss);
    }

    /// <summary>Checks that a profile is one for a detector without a second stage.</summary>
    /// <param name="owner">The record, for sentences.</param>
    /// <param name="detector">What people call the detector.</param>
    /// <param name="profile">Its profile.</param>
    /// <exception cref="InputException">It pools regions.</exception>
    public static void CheckOneStage(string owner, string detector, DetectorProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (profile.PoolsRegions)
            throw new InputException($"{owner}.Profile is '{profile.Name}', which pools regions; {detector} has one stage. Take a profile made for detectors of one stage.");
    }

    /// <summary>What works and works against itself, a sentence each; for a person to read before training.</summary>
    /// <param name="sampler">Which anchors or regions count.</param>
    /// <param name="loss">What they are classified by.</param>
    /// <param name="objective">How losses become one number.</param>
    /// <param name="balancesImages">Whether images of rare classes are shown more often (repeat factors, class-aware sampling).</param>
    public static IReadOnlyList<string> Notes(Sampler sampler, ClassificationLoss loss, ObjectiveOptions objective, bool balancesImages)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(objective);
        var notes = new List<string>();
        if (WeighsHardness(loss) && sampler is not NoSampler)
            notes.Add($"{Word(loss)} weighs candidates by how hard they are and {Word(sampler)} takes some of them away before: hardness counts twice. Alone, each is usual.");
        if (objective is GuidedLossOptions && (WeighsHardness(loss) || sampler is not NoSampler))
            notes.Add("Guided loss is made for plain cross entropy over all anchors; its factor still works here, its starting biases are no longer the best.");
        if (balancesImages && ActsOnFrequency(loss))
            notes.Add($"{Word(loss)} and showing images of rare classes more often both act on the frequency of classes; together they can over-correct.");
        return notes;
    }

    /// <summary>Refuses a sampler that ranks candidates by a loss of which a single candidate has none of its own.</summary>
    internal static void RefuseRankingByCoupledLoss(string owner, Sampler sampler, ClassificationLoss loss)
    {
        if ((sampler.Needs & CandidateNeeds.Losses) != 0 && loss.IsBatchCoupled)
            throw new InputException($"{owner}.Sampler {Word(sampler)} ranks candidates by their loss, and {Word(loss)} weighs each by the others, or remembers what it was shown. "
                + "Choose one of the two.");
    }

    /// <summary>Refuses a vote by variances that no loss teaches.</summary>
    internal static void CheckVoting(string owner, VarianceVoting? voting, BoxLoss loss)
    {
        if (voting is not null && loss.LogVariances is null)
            throw new InputException($"{owner}.Detection.Voting weighs boxes by their variances, and {loss.GetType().Name} predicts none. Take KLBoxLoss, or no vote.");
    }

    /// <summary>Refuses assigners that do not fit the anchors of a stage.</summary>
    internal static void CheckAssigner(string owner, DetectorProfile profile, Assigner assigner)
    {
        if (assigner is ApproxMaxIoUAssigner)
            throw new InputException($"{owner}.Assigner is 'approx-max-iou', which judges a place by several anchors that stand for one still to be predicted; only guided anchoring "
                + "predicts anchors, and has it (anchoring.shapeAssigner). Take 'max-iou' or 'atss'.");
        if (assigner is RegionAssigner && profile.Anchors.Levels.Any(level => level.Sizes.Count * level.Ratios.Count > 1 || profile.Anchors.Rule is DefaultBoxes))
            throw new InputException($"{owner}.Assigner is 'region', which goes by where a cell lies and cannot tell several anchors of a cell apart; profile '{profile.Name}' has several. "
                + "Give every level one size and one ratio, or take 'max-iou' or 'atss'.");
    }

    /// <summary>Refuses what guided anchoring has in another form.</summary>
    internal static void CheckGuided(RetinaNetOptions options, GuidedAnchoringOptions anchoring)
    {
        if (options.Assigner is { } assigner)
            throw new InputException($"RetinaNetOptions.Assigner is {Word(assigner)} and guided anchoring predicts the anchors, so it says itself what they are. Set its own assigner "
                + "(anchoring.assigner), or take one of the two.");
        if (options.Centerness)
            throw new InputException("RetinaNetOptions has both Centerness and guided anchoring; each learns where in an object a place lies and weighs scores by it. Choose one.");
        if (options.Profile.Anchors.Rule is DefaultBoxes)
            throw new InputException($"RetinaNetOptions.Profile is '{options.Profile.Name}' with SSD's default boxes, which have no square of one size; guided anchoring tells shapes "
                + "from squares. Take a profile with rounded or exact anchors.");
        if (anchoring.ShapeSampler.AsksHead)
            throw new InputException($"GuidedAnchoringOptions.ShapeSampler is {Word(anchoring.ShapeSampler)}, which ranks candidates by the head's classes; shapes have none. Take 'random' or "
                + "'none'.");
        _ = PyramidBackbone.AnchorsOfCell(options.Profile.Anchors, "The levels of guided anchoring", "their");
    }

    private static void CheckSampler(string owner, Sampler sampler, ClassificationLoss loss)
    {
        if (loss.Scale == LossScale.Whole && sampler is not NoSampler)
            throw new InputException($"{owner}.Sampler is {Word(sampler)} and the loss {Word(loss)} ranks every candidate of a batch against all others, so none may be missing. "
                + "Set the sampler to 'none', or take another loss.");
        RefuseRankingByCoupledLoss(owner, sampler, loss);
    }

    private static bool WeighsHardness(ClassificationLoss loss)
        => loss is FocalLoss or GradientHarmonizedLoss or QualityFocalLoss or VarifocalLoss || loss is ClassBalancedLoss balanced && WeighsHardness(balanced.Loss);

    private static bool ActsOnFrequency(ClassificationLoss loss) => loss is ClassBalancedLoss or SeesawLoss or EqualizationLoss;

    /// <summary>A record as people write it in a recipe.</summary>
    private static string Word(object record) => $"'{RecipeKind.Of(record)}'";
}
