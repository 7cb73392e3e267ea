namespace Ballast;

/// <summary>Student's t distribution, for any number of degrees of freedom.</summary>
internal static class StudentT
{
    /// <summary>The 97.5 % quantile of the normal distribution.</summary>
    public const double Normal975 = 1.959963984540054;

    /// <summary>The 80 % quantile of the normal distribution: what the power of a test asks on top.</summary>
    public const double Normal80 = 0.8416212335729143;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>The chance that |T| is larger than |t|.</summary>
    public static double TwoSided(double t, double degrees)
    {
        if (double.IsNaN(t) || !(degrees > 0)) return double.NaN;
        if (double.IsInfinity(t)) return 0;
        // Beyond a million the distribution is normal to six digits, and the gamma functions would cancel.
        degrees = Math.Min(degrees, 1e6);
        return IncompleteBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5);
    }

    /// <summary>The 97.5 % quantile, by bisection.</summary>
    public static double Quantile975(double degrees)
    {
        if (!(degrees > 0)) return double.PositiveInfinity;
        var (low, high) = (Normal975 - 1e-9, 1e6);
        for (var i = 0; i < 200 && high - low > 1e-12 * high; i++)
        {
            var middle = (low + high) / 2;
            if (TwoSided(middle, degrees) > 0.05) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8).</summary>
    private static double IncompleteBeta(double x, double a, double b)
    {
        if (x <= 0) return 0;
        if (x >= 1) return 1;
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(1 - x, b, a) / b);
    }

    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        var (c, d) = (1.0, 1 - ((a + b) * x / (a + 1)));
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        var value = d;
        for (var m = 1; m < 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            Step(even);
            if (Math.Abs(Step(odd) - 1) < 1e-15) break;
        }

        return value;

        double Step(double coefficient)
        {
            d = 1 + (coefficient * d);
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = 1 + (coefficient / c);
            if (Math.Abs(c) < Tiny) c = Tiny;
            value *= c * d;
            return c * d;
        }
    }

    private static double LogGamma(double x)
    {
        const double G = 7;
        if (x < 0.5) return Math.Log(Math.PI / Math.Abs(Math.Sin(Math.PI * x))) - LogGamma(1 - x);
        x -= 1;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++) sum += Lanczos[i] / (x + i);
        var t = x + G + 0.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
