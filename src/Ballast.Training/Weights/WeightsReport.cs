namespace Ballast.Training;

/// <summary>What loading weights into a module did, name by name.</summary>
public sealed record WeightsReport
{
    /// <summary>What the file's names began with and the module's did not.</summary>
    public required string From { get; init; }

    /// <summary>What the module's names began with and the file's did not.</summary>
    public required string Into { get; init; }

    /// <summary>The module's names that were filled.</summary>
    public required Values<string> Loaded { get; init; }

    /// <summary>The module's names that the file lacks; they keep their numbers.</summary>
    public required Values<string> Missing { get; init; }

    /// <summary>The file's names that the module lacks.</summary>
    public required Values<string> Skipped { get; init; }

    /// <summary>Names in both whose shapes differ, or whose numbers cannot be read, each with the reason; they keep their numbers.</summary>
    public required Values<string> Unfit { get; init; }

    /// <summary>Whether every name was filled and none left over.</summary>
    public bool IsComplete => Missing.Count == 0 && Skipped.Count == 0 && Unfit.Count == 0;

    /// <summary>The report in a line, at most <paramref name="named"/> names of each kind.</summary>
    public string Summary(int named)
    {
        var text = $"{Loaded.Count} of {Loaded.Count + Missing.Count + Unfit.Count} tensors loaded";
        if (From.Length > 0) text += $" from '{From}*'";
        if (Into.Length > 0) text += $" into '{Into}*'";
        return text + Part("not in the file", Missing, named) + Part("not in the model", Skipped, named) + Part("unfit", Unfit, named) + ".";
    }

    /// <summary>The report in a line, with at most five names of each kind.</summary>
    public override string ToString() => Summary(5);

    private static string Part(string what, Values<string> names, int named)
        => names.Count == 0 ? "" : $"; {what}: {string.Join(", ", names.Take(named))}{(names.Count > named ? $" and {names.Count - named} more" : "")}";
}
