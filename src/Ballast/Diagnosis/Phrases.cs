namespace Ballast;

/// <summary>How numbers are said in sentences: as many digits as a person reads, with units and intervals.</summary>
internal static class Phrases
{
    /// <summary>"22 %", "0.4 %", "&lt; 0.1 %"; one digit after the point under 10 %.</summary>
    public static string Percent(double fraction) => fraction switch
    {
        _ when double.IsNaN(fraction) => "no share",
        > 0 and < 0.001 => "< 0.1 %",
        > 0.999 and < 1 => "> 99.9 %",
        0 or 1 => $"{fraction * 100:0} %",
        < 0.1 or > 0.99 => $"{fraction * 100:0.#} %",
        _ => $"{fraction * 100:0} %",
    };

    /// <summary>Three figures at most: "11.5", "857", "0.27"; thousands with separators.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        _ when double.IsNaN(value) => "undefined",
        _ when double.IsInfinity(value) => "infinite",
        >= 100 => value.ToString("N0"),
        >= 10 => value.ToString("0.#"),
        _ => value.ToString("0.##"),
    };

    /// <summary>A length: "4.5 px", "120 px".</summary>
    public static string Pixels(double length) => double.IsNaN(length) ? "no size" : length < 10 ? $"{length:0.#} px" : $"{length:N0} px";

    /// <summary>" (95 %: 10.6-12.5)"; empty without an interval.</summary>
    public static string Interval(Estimate estimate) => Interval(estimate, Number);

    /// <summary>" (95 %: 20-25 %)" and the like, each bound said by <paramref name="say"/>.</summary>
    public static string Interval(Estimate estimate, Func<double, string> say)
    {
        if (double.IsNaN(estimate.Low) || double.IsNaN(estimate.High)) return "";
        var (low, high) = (say(estimate.Low), say(estimate.High));
        return low == high ? $" (95 %: {low})" : $" (95 %: {low.Replace(" %", "", StringComparison.Ordinal)}-{high})";
    }

    /// <summary>"1 box", "14 boxes".</summary>
    public static string Count(long count, string one, string many) => $"{count:N0} {(count == 1 ? one : many)}";

    /// <summary>"a, b and c"; after the fourth "and N more".</summary>
    public static string List(IReadOnlyList<string> names, int most = 4)
    {
        if (names.Count == 0) return "";
        if (names.Count == 1) return names[0];
        return names.Count <= most
            ? $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}"
            : $"{string.Join(", ", names.Take(most - 1))} and {names.Count - most + 1:N0} more";
    }
}
