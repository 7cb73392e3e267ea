namespace Ballast;

/// <summary>An opaque colour, sRGB.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>Whether dark text reads better on it than light text (luma by ITU-R BT.601).</summary>
    public bool IsLight => 299 * R + 587 * G + 114 * B > 140_000;

    /// <summary>As HTML writes it: #rrggbb.</summary>
    public string ToHex() => $"#{R:x2}{G:x2}{B:x2}";

    /// <summary>The colour mixed with another.</summary>
    /// <param name="other">The other colour.</param>
    /// <param name="percent">Share of the other, 0..100.</param>
    internal Rgb Mix(Rgb other, int percent) => new(Mix(R, other.R, percent), Mix(G, other.G, percent), Mix(B, other.B, percent));

    private static byte Mix(byte a, byte b, int percent) => (byte)((a * (100 - percent) + b * percent + 50) / 100);
}
