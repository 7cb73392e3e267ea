namespace Ballast.Benchmarks;

/// <summary>A measured figure: what repeated runs gave.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Values">One a run.</param>
/// <param name="Bar">The most it may be; NaN when nothing is asked.</param>
internal sealed record Figure(string Name, string Unit, double[] Values, double Bar = double.NaN)
{
    public double Least => Values.Min();

    public double Median => Values.Order().ElementAt(Values.Length / 2);

    /// <summary>Whether it stays under the bar: by the median, or, where only the quietest run does, by that one alone.</summary>
    public string Verdict => double.IsNaN(Bar) ? "" : Median <= Bar ? "met" : Least <= Bar ? "met by the quietest run only" : "**not met**";
}
