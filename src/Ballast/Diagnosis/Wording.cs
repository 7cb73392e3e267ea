namespace Ballast;

/// <summary>Numbers as people read them in sentences; the same number reads the same in every finding.</summary>
internal static class Wording
{
    /// <summary>A share as per cent: "31 %", "3.1 %", "under 0.1 %", "0 %".</summary>
    public static string Percent(double share) => share switch
    {
        double.NaN => "-",
        0 => "0 %",
        < 0.001 => "under 0.1 %",
        < 0.0995 => $"{share * 100:0.#} %",
        > 0.995 and < 1 => $"{Math.Floor(share * 1000) / 10:0.0} %",
        _ => $"{share * 100:0} %",
    };

    /// <summary>A length: "4.5 px", "120 px".</summary>
    public static string Pixels(double length) => double.IsNaN(length) ? "-" : length < 10 ? $"{length:0.#} px" : $"{length:N0} px";

    /// <summary>A factor: "1.5", "12", "1,200".</summary>
    public static string Factor(double factor) => double.IsNaN(factor) ? "-" : factor < 10 ? $"{factor:0.##}" : $"{factor:N0}";

    /// <summary>The interval of a share as an aside: " (95 %: 92-96 %)"; empty where there is none or it has no width.</summary>
    public static string Interval(Estimate share)
    {
        if (!double.IsFinite(share.Low) || !double.IsFinite(share.High)) return "";
        var format = share.High < 0.0995 ? "0.#" : "0";
        var (low, high) = ((share.Low * 100).ToString(format), (share.High * 100).ToString(format));
        return low == high ? "" : $" (95 %: {low}-{high} %)";
    }

    /// <summary>Names as a list: "a", "a and b", "a, b and c"; after the fifth "and 12 more".</summary>
    public static string List(IReadOnlyList<string> names)
    {
        const int Most = 5;
        if (names.Count > Most + 1) return $"{string.Join(", ", names.Take(Most))} and {names.Count - Most} more";
        return names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    /// <summary>"1 image", "12 images".</summary>
    public static string Count(long count, string one, string many) => $"{count:N0} {(count == 1 ? one : many)}";
}
