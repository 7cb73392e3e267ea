namespace Ballast;

/// <summary>A stream of random numbers that is a function of its seed alone (splitmix64).</summary>
internal struct DemoRandom(ulong state)
{
    /// <summary>The stream of one image, and of one purpose within it.</summary>
    public static DemoRandom Of(int seed, int image, string purpose) => new(StableHash.Of(seed, purpose) + StableHash.Mix((ulong)image + 1));

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        return StableHash.Mix(state);
    }

    /// <summary>A whole number from 0 on, under a bound.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>A whole number from one to another, both included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>A number that is most often near 0 and at most a reach away, either side.</summary>
    public int Around(int reach) => (Between(-reach, reach) + Between(-reach, reach)) / 2;
}
