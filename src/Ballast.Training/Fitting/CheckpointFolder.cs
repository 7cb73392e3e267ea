namespace Ballast.Training;

/// <summary>
/// The checkpoints of a run: the last, the one before it, and the best. At any moment one of the first two is whole, so a process that is killed loses at most
/// the steps since the last one.
/// </summary>
/// <param name="path">The folder; is made when something is written.</param>
public sealed class CheckpointFolder(string path)
{
    /// <summary>The last checkpoint.</summary>
    public string Last => Path.Combine(path, "last.safetensors");

    /// <summary>The one before it.</summary>
    public string Previous => Path.Combine(path, "previous.safetensors");

    /// <summary>The one that was best on validation.</summary>
    public string Best => Path.Combine(path, "best.safetensors");

    /// <summary>From which score the best reports each class.</summary>
    public string BestThresholds => Path.Combine(path, "best-thresholds.json");

    /// <summary>Whether there is one to go on from.</summary>
    public bool Exists => File.Exists(Last) || File.Exists(Previous);

    /// <summary>Writes the last checkpoint, and keeps the one before it.</summary>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void Save(Trainer trainer)
    {
        var fresh = Path.Combine(path, "next.safetensors");
        Checkpoint.Save(trainer, fresh);
        if (File.Exists(Last)) File.Move(Last, Previous, overwrite: true);
        File.Move(fresh, Last, overwrite: true);
    }

    /// <summary>Writes the checkpoint that was best on validation.</summary>
    /// <param name="trainer">With the weights it learns by, not with the averaged ones.</param>
    /// <param name="thresholds">Chosen on what it was best at.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public void SaveBest(Trainer trainer, ScoreThresholds thresholds)
    {
        Checkpoint.Save(trainer, Best);
        AtomicFile.Write(BestThresholds, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(RecipeReader.ToJson(thresholds))));
    }

    /// <summary>Goes on from the last checkpoint, or from the one before it when the last is damaged or missing.</summary>
    /// <returns>What a person should know: a checkpoint that was passed over, a machine that differs; empty when there is nothing.</returns>
    /// <exception cref="InputException">There is no whole checkpoint, or it is of another training.</exception>
    public IReadOnlyList<string> Resume(Trainer trainer)
    {
        if (!Exists) throw new InputException($"'{path}' holds no checkpoint to go on from. Begin without resuming.");
        if (!File.Exists(Last)) return [$"'{Last}' is missing; went on from the one before it.", .. Checkpoint.Resume(trainer, Previous)];
        var damage = Damage(Last);
        if (damage is null) return Checkpoint.Resume(trainer, Last);
        if (!File.Exists(Previous)) throw new InputException($"{damage} There is no checkpoint before it. Begin anew.");
        return [$"{damage} Went on from the one before it.", .. Checkpoint.Resume(trainer, Previous)];
    }

    /// <summary>The sentence that says how a file is damaged; null when it is whole.</summary>
    private static string? Damage(string file)
    {
        try
        {
            Checkpoint.StepOf(file);
            return null;
        }
        catch (InputException e)
        {
            return e.Message;
        }
    }
}
