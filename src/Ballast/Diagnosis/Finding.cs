using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>What a finding says, by effect size (never by a p-value).</summary>
public enum Verdict
{
    /// <summary>The whole interval lies where training is not held back.</summary>
    Balanced,

    /// <summary>Worth treating.</summary>
    Mild,

    /// <summary>Expect the rare side to fail unless treated.</summary>
    Severe,

    /// <summary>The interval crosses a threshold, or what is needed is not there.</summary>
    CannotTell,
}

/// <summary>One number of a finding, with its 95 % interval where it can be resampled.</summary>
/// <param name="Name">Stable name in JSON and policies: ratio, gini, evenness ...</param>
/// <param name="Value">The value on the data as they are; NaN where it is not defined.</param>
/// <param name="Low">2.5 % bound by Poisson bootstrap over images, or null.</param>
/// <param name="High">97.5 % bound, or null.</param>
/// <param name="Meaning">What it measures, with unit and range, for a person who has not read the paper.</param>
public sealed record Measure(string Name, double Value, double? Low, double? High, string Meaning)
{
    /// <summary>How the value is written: "%" for a fraction shown as per cent, "x" for a factor, "0.000" for three digits after the point, "px" or another unit, or nothing.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Its name for people: "largest to smallest class"; nothing when <see cref="Name"/> says it.</summary>
    public string Label { get; init; } = "";
}

/// <summary>One way to treat a finding, with what it would change, computed where it can be.</summary>
public sealed record Advice
{
    private readonly string _paper = "";

    /// <summary>What to do, as a short noun phrase: "smaller anchors".</summary>
    public required string Title { get; init; }

    /// <summary>What it changes, in numbers: "objects with an anchor: Platelets 22 % -> 96 %".</summary>
    public required string Effect { get; init; }

    /// <summary>Whether <see cref="Effect"/> was computed on this data set (false: what the literature reports).</summary>
    public bool Computed { get; init; }

    /// <summary>How much of the imbalance it removes, 0 to 1: what remedies are ranked by. 0 where nothing was computed.</summary>
    public double Gain { get; init; }

    /// <summary>What it costs: time, memory, risk.</summary>
    public required string Cost { get; init; }

    /// <summary>The command that applies it.</summary>
    public required string Command { get; init; }

    /// <summary>Whether this version has that command; it has unless said otherwise.</summary>
    public bool CommandExists { get; init; } = true;

    /// <summary>Kind of the remedy of the catalogue that it applies; empty when it is none of them.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Paper or page to read; that of <see cref="Remedy"/> unless another is given.</summary>
    public string Paper
    {
        get => _paper.Length > 0 || Remedy.Length == 0 ? _paper : Remedies.Named(Remedy).Citation;
        init => _paper = value;
    }
}

/// <summary>One imbalance on the user's own data: verdict, numbers, pictures, and what to do.</summary>
public sealed record Finding
{
    /// <summary>Stable id: class-foreground, class-background, scale-box, scale-level, iou-distribution, location, regression-loss, objective, data; with a run also class-foreground-run, scale-level-run, iou-distribution-run, regression-loss-run.</summary>
    public required string Id { get; init; }

    /// <summary>The article's family: class, scale, spatial, objective; data for what lies outside it.</summary>
    public required string Family { get; init; }

    /// <summary>Which imbalance of the family: "foreground-foreground".</summary>
    public required string Subject { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The finding as one sentence with its number: "RBC has 11.5 times the boxes of Platelets (95 %: 10.6-12.5)".</summary>
    public required string Headline { get; init; }

    /// <summary>What it means for training, in one sentence.</summary>
    public required string Meaning { get; init; }

    /// <summary>The number that decides the verdict, by name of a measure; null when there is none.</summary>
    public string? Deciding { get; init; }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<Measure> Measures { get; init; } = [];

    /// <summary>The charts.</summary>
    public IReadOnlyList<Figure> Figures { get; init; } = [];

    /// <summary>Tables beside the charts' own.</summary>
    public IReadOnlyList<Table> Tables { get; init; } = [];

    /// <summary>What to do, best first.</summary>
    public IReadOnlyList<Advice> Remedies { get; init; } = [];

    /// <summary>Objects worth looking at; drawn as crops when the images are there.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];
}

/// <summary>An object worth looking at, or, when it has detections, what a detector made of it.</summary>
/// <param name="Group">Why it is shown: "no anchor matches", "the smallest", "the rarest class", "the most crowded".</param>
/// <param name="Image">Index of the image.</param>
/// <param name="Box">Index of the box in the data set; -1 for the whole image, or for a detection that concerns no object.</param>
/// <param name="Caption">One line.</param>
public sealed record Example(string Group, int Image, int Box, string Caption)
{
    /// <summary>Boxes a detector gave, pixels of the image: outlined in another colour, dashed. Null when the example is no detector's.</summary>
    [JsonIgnore]
    public IReadOnlyList<Corners>? Detections { get; init; }
}

/// <summary>A table: what a chart shows, in numbers, or what no chart shows.</summary>
/// <param name="Title">What it lists.</param>
/// <param name="Columns">Column heads, with units.</param>
/// <param name="Rows">Cells as text; numbers already formatted.</param>
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
