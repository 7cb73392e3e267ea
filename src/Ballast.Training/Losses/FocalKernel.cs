using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ballast.Training;

/// <summary>
/// Focal loss and its gradient on spans. With z the logit of background, p its sigmoid and s = softplus(z) = -ln(1 - p): value a p^gamma s, slope a p^gamma
/// (gamma (1 - p) s + p). An object's element is the same of -z, with the sign of the slope turned.
/// </summary>
/// <param name="gamma">The power of the modulator.</param>
/// <param name="alpha">Weight of objects; null for no weights.</param>
internal readonly struct FocalKernel(float gamma, float? alpha)
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float LeastExponent = -87;
    private const int ExponentBias = 127;
    private const int MantissaBits = 23;

    private readonly float _background = 1 - (alpha ?? 0);
    private readonly float _object = alpha ?? 1;

    /// <summary>One candidate.</summary>
    /// <param name="logits">[K].</param>
    /// <param name="label">0..K-1, K for background, less than 0 for left out.</param>
    /// <param name="values">Receives [K].</param>
    /// <param name="slopes">Receives [K], or is empty.</param>
    public void Row(ReadOnlySpan<float> logits, long label, Span<float> values, Span<float> slopes)
    {
        if (label < 0)
        {
            values.Clear();
            slopes.Clear();
            return;
        }

        Background(logits, values, slopes);
        if (label == logits.Length) return;
        var (value, slope) = Of(new Vector<float>(-logits[(int)label]), _object);
        values[(int)label] = value[0];
        if (!slopes.IsEmpty) slopes[(int)label] = -slope[0];
    }

    private void Background(ReadOnlySpan<float> logits, Span<float> values, Span<float> slopes)
    {
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (value, slope) = Of(new Vector<float>(logits[i..]), _background);
            value.CopyTo(values[i..]);
            if (!slopes.IsEmpty) slope.CopyTo(slopes[i..]);
        }

        if (i == logits.Length) return;
        Span<float> rest = stackalloc float[Vector<float>.Count];
        logits[i..].CopyTo(rest);
        var (lastValue, lastSlope) = Of(new Vector<float>(rest), _background);
        for (var k = 0; i < logits.Length; i++, k++)
        {
            values[i] = lastValue[k];
            if (!slopes.IsEmpty) slopes[i] = lastSlope[k];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector<float> Value, Vector<float> Slope) Of(Vector<float> z, float weight)
    {
        var e = Exp(-Vector.Abs(z));
        var (one, two) = (e + Vector<float>.One, e + new Vector<float>(2));

        // One division gives both 1 / (1 + e) and e / (2 + e).
        var both = Vector<float>.One / (one * two);
        var (inverse, logarithm) = (both * two, Log1P(e * both * one));
        var positive = Vector.GreaterThanOrEqual(z, Vector<float>.Zero);
        var (p, q) = (Vector.ConditionalSelect(positive, inverse, e * inverse), Vector.ConditionalSelect(positive, e * inverse, inverse));
        var softplus = Vector.Max(z, Vector<float>.Zero) + logarithm;
        var weighted = weight * Modulator(p, z, logarithm);
        return (weighted * softplus, weighted * ((gamma * q * softplus) + p));
    }

    /// <summary>p^gamma; for other powers than the usual by ln p = -(max(-z, 0) + ln(1 + e^-|z|)), which stays exact where p rounds to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector<float> Modulator(Vector<float> p, Vector<float> z, Vector<float> logarithm) => gamma switch
    {
        2 => p * p,
        1 => p,
        0 => Vector<float>.One,
        _ => Exp(-gamma * (Vector.Max(-z, Vector<float>.Zero) + logarithm)),
    };

    /// <summary>ln(1 + e) of e in [0, 1], given r = e / (2 + e): 2 artanh r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Log1P(Vector<float> r)
    {
        var square = r * r;
        var series = new Vector<float>(2f / 15);
        for (var odd = 13; odd >= 1; odd -= 2) series = Vector.FusedMultiplyAdd(series, square, new Vector<float>(2f / odd));
        return r * series;
    }

    /// <summary>e^x of x at most 0, within two units in the last place (Cephes' expf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.Max(x, new Vector<float>(LeastExponent));
        var power = Vector.Floor(Vector.FusedMultiplyAdd(x, new Vector<float>(Log2E), new Vector<float>(0.5f)));
        var r = Vector.FusedMultiplyAdd(power, new Vector<float>(-Ln2High), x);
        r = Vector.FusedMultiplyAdd(power, new Vector<float>(-Ln2Low), r);
        var y = new Vector<float>(1.9875691500e-4f);
        y = Vector.FusedMultiplyAdd(y, r, new Vector<float>(1.3981999507e-3f));
        y = Vector.FusedMultiplyAdd(y, r, new Vector<float>(8.3334519073e-3f));
        y = Vector.FusedMultiplyAdd(y, r, new Vector<float>(4.1665795894e-2f));
        y = Vector.FusedMultiplyAdd(y, r, new Vector<float>(1.6666665459e-1f));
        y = Vector.FusedMultiplyAdd(y, r, new Vector<float>(5.0000001201e-1f));
        y = Vector.FusedMultiplyAdd(y, r * r, r + Vector<float>.One);
        var scale = Vector.AsVectorSingle((Vector.ConvertToInt32(power) + new Vector<int>(ExponentBias)) << MantissaBits);
        return y * scale;
    }
}
