using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>The data of one chart; the report's page draws it and puts the same numbers into a table.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(BarFigure), "bars")]
[JsonDerivedType(typeof(HistogramFigure), "histogram")]
[JsonDerivedType(typeof(HeatFigure), "heat")]
[JsonDerivedType(typeof(CurveFigure), "curves")]
[JsonDerivedType(typeof(DotFigure), "dots")]
[JsonDerivedType(typeof(PointFigure), "points")]
public abstract record Figure
{
    /// <summary>What to see in it: "Platelets sit below the smallest anchor".</summary>
    public required string Title { get; init; }

    /// <summary>What the x axis shows, with its unit.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>What the y axis shows, with its unit.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>How values are written, as <see cref="Measure.Unit"/>; nothing for three figures that count.</summary>
    public string Unit { get; init; } = "";

    /// <summary>
    /// Figures of one group stand side by side; null for a chart of its own. Those of one kind (other than heat maps) share their value axes, so that before and after, or one
    /// slice and the next, can be held against each other.
    /// </summary>
    public string? Multiples { get; init; }
}

/// <summary>A row of values in a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Values">One value for each category, bin or x.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values)
{
    /// <summary>Lower ends of 95 % intervals (or 10 % quantiles of a band), or null.</summary>
    public IReadOnlyList<double>? Low { get; init; }

    /// <summary>Upper ends, or null.</summary>
    public IReadOnlyList<double>? High { get; init; }

    /// <summary>The x of each value in a curve; null when the figure's shared x applies.</summary>
    public IReadOnlyList<double>? X { get; init; }

    /// <summary>Index of the class it belongs to (for its colour), or null.</summary>
    public int? Class { get; init; }
}

/// <summary>A marked place on the x axis.</summary>
/// <param name="At">Where, in the axis' unit.</param>
/// <param name="Label">What it is.</param>
public sealed record Mark(double At, string Label);

/// <summary>Bars by category, horizontal, in the order given (sorted by the finding).</summary>
public sealed record BarFigure : Figure
{
    /// <summary>Category names, top to bottom.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>Side by side, or stacked when <see cref="Stacked"/>.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Whether the value axis is logarithmic.</summary>
    public bool Log { get; init; }

    /// <summary>Whether series are stacked.</summary>
    public bool Stacked { get; init; }

    /// <summary>Whether values are fractions to show as per cent.</summary>
    public bool Percent { get; init; }
}

/// <summary>A histogram: n values between n + 1 edges.</summary>
public sealed record HistogramFigure : Figure
{
    /// <summary>Bin edges, ascending, in the x axis' unit.</summary>
    public required IReadOnlyList<double> Edges { get; init; }

    /// <summary>One or more rows of counts or densities; drawn as steps when several.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Marked places: thresholds, anchor sizes, level ranges.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Whether the x axis is logarithmic (base 2).</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the y axis is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>Whether values are fractions to show as per cent.</summary>
    public bool Percent { get; init; }
}

/// <summary>A heat map: rows of values, first row at the top.</summary>
public sealed record HeatFigure : Figure
{
    /// <summary>Names of the columns, left to right; empty for a plain grid.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Names of the rows, top to bottom; empty for a plain grid.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Values[row][column]; NaN for a cell without a value.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Values { get; init; }

    /// <summary>Width / height of the plain grid when drawn (image proportions); 0 for a labelled matrix.</summary>
    public double Aspect { get; init; }

    /// <summary>Whether values are ratios to colour by logarithm around 1 (lift).</summary>
    public bool AroundOne { get; init; }

    /// <summary>Whether values are fractions to show as per cent.</summary>
    public bool Percent { get; init; }
}

/// <summary>Curves over a shared x, with optional bands.</summary>
public sealed record CurveFigure : Figure
{
    /// <summary>The shared x, ascending; empty when every series has its own.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>The curves.</summary>
    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Marked places.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>Whether the y axis is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>Whether the x axis is logarithmic (base 2).</summary>
    public bool LogX { get; init; }

    /// <summary>Whether values are fractions to show as per cent.</summary>
    public bool Percent { get; init; }
}

/// <summary>Values with their intervals, a row each, around a place that means "no difference". What is told from it is drawn full, the rest hollow.</summary>
public sealed record DotFigure : Figure
{
    /// <summary>Row names, top to bottom.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The values; a row without a value stays empty.</summary>
    public required Series Series { get; init; }

    /// <summary>What is said of each row, at its end: "better", "cannot tell".</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Whether each row is told from <see cref="Around"/>.</summary>
    public required IReadOnlyList<bool> Told { get; init; }

    /// <summary>The place that means "no difference".</summary>
    public double Around { get; init; }
}

/// <summary>Named points on two axes, with vertical intervals.</summary>
public sealed record PointFigure : Figure
{
    /// <summary>Names of the points.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Places on the x axis.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>Heights, with intervals where there are any.</summary>
    public required Series Series { get; init; }

    /// <summary>Whether the x axis is logarithmic (base 10).</summary>
    public bool LogX { get; init; }
}
