namespace Ballast;

/// <summary>Quantiles of the normal and of Student's t distribution, as far as 95 % intervals need them.</summary>
internal static class StudentT
{
    /// <summary>The 97.5 % quantile of the normal distribution.</summary>
    public const double Normal975 = 1.959963984540054;

    private static readonly double[] Small = [12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836];

    /// <summary>The 97.5 % quantile with a number of degrees of freedom: exact to nine digits up to 5, then Cornish and Fisher's expansion (error below 2e-4).</summary>
    public static double Quantile975(int degrees)
    {
        if (degrees < 1) return double.PositiveInfinity;
        if (degrees <= Small.Length) return Small[degrees - 1];
        const double Z = Normal975;
        const double Z3 = Z * Z * Z;
        const double Z5 = Z3 * Z * Z;
        const double Z7 = Z5 * Z * Z;
        double v = degrees;
        return Z + ((Z3 + Z) / (4 * v)) + (((5 * Z5) + (16 * Z3) + (3 * Z)) / (96 * v * v)) + (((3 * Z7) + (19 * Z5) + (17 * Z3) - (15 * Z)) / (384 * v * v * v));
    }
}
