namespace Ballast;

/// <summary>
/// A stream of random numbers that is a function of what it is made from alone (splitmix64, Steele et al. 2014): a seed and the step and image it is drawn for. A value:
/// a copy goes on with the same numbers, so it is handed over by reference.
/// </summary>
public record struct RandomState
{
    private ulong _state;

    /// <summary>The stream of an image at a step of training.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="step">The step, or whatever counts how often an image is seen.</param>
    /// <param name="image">The image's index or id.</param>
    public static RandomState Of(int seed, long step, long image = 0)
        => new() { _state = StableHash.Mix(StableHash.Mix(StableHash.Mix((ulong)(uint)seed + 1) + (ulong)step + 1) + (ulong)image + 1) };

    /// <summary>The stream of an image known by its name.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="name">The image's file name.</param>
    /// <param name="step">The step.</param>
    public static RandomState Of(int seed, ReadOnlySpan<char> name, long step = 0) => new() { _state = StableHash.Mix(StableHash.Of(seed, name) + (ulong)step + 1) };

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return StableHash.Mix(_state);
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2^-53.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 on, under a bound, each equally probable (Lemire 2019, arXiv:1805.10941).</summary>
    /// <param name="bound">At least 1.</param>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var high = Math.BigMul(Next(), (ulong)bound, out var low);
        if (low >= (ulong)bound) return (int)high;
        var unfair = (0 - (ulong)bound) % (ulong)bound;
        while (low < unfair) high = Math.BigMul(Next(), (ulong)bound, out low);
        return (int)high;
    }

    /// <summary>Moves a uniform draw without replacement to the front; every order of every choice is equally probable (Fisher and Yates).</summary>
    /// <param name="items">What is drawn from.</param>
    /// <param name="count">How many are drawn, at most all.</param>
    public void Draw(Span<int> items, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, items.Length);
        for (var i = 0; i < count; i++)
        {
            var other = i + Below(items.Length - i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
