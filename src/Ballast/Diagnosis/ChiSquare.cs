namespace Ballast;

/// <summary>The chi-square distribution, for p values that are shown beside an effect and never decide.</summary>
internal static class ChiSquare
{
    /// <summary>P(X >= statistic) with the given degrees of freedom: the regularised upper incomplete gamma function Q(df / 2, x / 2).</summary>
    public static double Survival(double statistic, int degrees)
    {
        if (!(statistic > 0)) return 1;
        var (a, x) = (degrees / 2.0, statistic / 2);
        return x < a + 1 ? 1 - LowerSeries(a, x) : UpperFraction(a, x);
    }

    private static double LowerSeries(double a, double x)
    {
        var term = 1 / a;
        var sum = term;
        for (var n = 1; n < 10_000 && term > sum * 1e-16; n++)
        {
            term *= x / (a + n);
            sum += term;
        }

        return sum * Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
    }

    /// <summary>Lentz's form of the continued fraction.</summary>
    private static double UpperFraction(double a, double x)
    {
        const double Tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var h = d;
        for (var i = 1; i < 10_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = 1 / NonZero((an * d) + b);
            c = NonZero(b + (an / c));
            h *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15) break;
        }

        return h * Math.Exp((a * Math.Log(x)) - x - LogGamma(a));

        static double NonZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>Stirling's series after shifting the argument over 12; positive arguments.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 12; x++) shift -= Math.Log(x);
        var inverse = 1 / (x * x);
        var series = (1 / 12.0) - (inverse * ((1 / 360.0) - (inverse * ((1 / 1260.0) - (inverse / 1680)))));
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x);
    }
}
