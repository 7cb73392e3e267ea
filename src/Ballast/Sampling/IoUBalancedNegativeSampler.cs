using System.Numerics;
using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>Over which IoUs the bins of <see cref="IoUBalancedNegativeSampler"/> are laid.</summary>
public enum IoUBinRange
{
    /// <summary>Up to the largest IoU of all candidates, as in Libra R-CNN: often 1, so that the upper bins hold no background and are filled from the others.</summary>
    Candidates,

    /// <summary>Up to the largest IoU of background: every bin can be filled.</summary>
    Negatives,
}

/// <summary>
/// IoU-balanced sampling (Pang et al. 2019, Libra R-CNN, arXiv:1904.02701, section 3.1): background is drawn from K bins of IoU with an equal quota each, since hard
/// background overlaps objects and a uniform draw hardly meets it. Bins that run short are filled at random. Objects are drawn uniformly.
/// </summary>
public sealed record IoUBalancedNegativeSampler : QuotaSampler
{
    private readonly int _bins = 3;
    private readonly float _floor = -1;
    private readonly double _floorFraction;

    /// <summary>The paper's K, from 1 to 200.</summary>
    public int Bins
    {
        get => _bins;
        init => _bins = value is >= 1 and <= 200 ? value : throw new InputException($"IoUBalancedNegativeSampler.Bins is {value}; it must be from 1 to 200.");
    }

    /// <summary>
    /// IoU under which background belongs to the floor and to no bin, at most 1: with 0 the floor is the background that overlaps nothing, a negative number is no floor.
    /// </summary>
    public float Floor
    {
        get => _floor;
        init => _floor = value is >= -1 and <= 1 ? value : throw new InputException($"IoUBalancedNegativeSampler.Floor is {value}; it must be from -1 to 1.");
    }

    /// <summary>Share of the background that is drawn from the floor, in [0, 1].</summary>
    public double FloorFraction { get => _floorFraction; init => _floorFraction = Fraction(value); }

    /// <summary>Over which IoUs the bins are laid.</summary>
    public IoUBinRange BinRange { get; init; } = IoUBinRange.Candidates;

    /// <inheritdoc/>
    [JsonIgnore]
    public override CandidateNeeds Needs => CandidateNeeds.Overlaps;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Floor < 0 && FloorFraction > 0)
            throw new InputException($"IoUBalancedNegativeSampler.FloorFraction is {FloorFraction} and Floor is {Floor}, which is no floor; give a Floor of 0 or more.");
    }

    /// <inheritdoc/>
    protected override void WeighNegatives(Candidates candidates, Span<int> negatives, int wanted, ref RandomState random, Span<float> weights)
    {
        if (negatives.Length == wanted)
        {
            Take(negatives, weights);
            return;
        }

        // Slots: the bins, what lies in none of them, the floor, and what is no number.
        Span<int> ends = stackalloc int[Bins + 3];
        var sorted = Sort(candidates, negatives, ends);
        var binned = sorted[..ends[Bins]];
        var floor = sorted[ends[Bins]..ends[Bins + 1]];
        var fromBins = Math.Min(binned.Length, (int)(wanted * (1 - FloorFraction)));
        if (fromBins == binned.Length) Take(binned, weights);
        else TakeFromBins(binned, ends[..Bins], fromBins, ref random, weights);
        var fromFloor = Math.Min(floor.Length, wanted - fromBins);
        TakeAtRandom(floor, fromFloor, ref random, weights);
        if (fromBins + fromFloor < wanted) Fill(negatives, wanted - fromBins - fromFloor, ref random, weights);
    }

    /// <summary>An equal quota of each bin, then at random what these leave.</summary>
    private static void TakeFromBins(Span<int> sorted, ReadOnlySpan<int> ends, int wanted, ref RandomState random, Span<float> weights)
    {
        var quota = wanted / ends.Length;
        var (taken, start, left) = (0, 0, 0);
        foreach (var end in ends)
        {
            var bin = sorted[start..end];
            var count = ends.Length == 1 ? 0 : Math.Min(quota, bin.Length);
            TakeAtRandom(bin, count, ref random, weights);
            bin[count..].CopyTo(sorted[left..]);
            (taken, left, start) = (taken + count, left + bin.Length - count, end);
        }

        sorted[start..].CopyTo(sorted[left..]);
        TakeAtRandom(sorted[..(sorted.Length - taken)], wanted - taken, ref random, weights);
    }

    /// <summary>At random of what has no weight yet.</summary>
    private static void Fill(Span<int> negatives, int wanted, ref RandomState random, Span<float> weights)
    {
        var left = 0;
        foreach (var i in negatives)
        {
            if (weights[i] == 0) negatives[left++] = i;
        }

        TakeAtRandom(negatives[..left], wanted, ref random, weights);
    }

    /// <summary>The background, slot after slot.</summary>
    private Span<int> Sort(Candidates candidates, ReadOnlySpan<int> negatives, Span<int> ends)
    {
        var overlaps = candidates.Overlaps;
        var slots = candidates.Slots(negatives.Length);
        Span<float> edges = stackalloc float[Bins + 1];
        var bins = new OverlapBins(edges, Floor, BinRange == IoUBinRange.Candidates ? Largest(overlaps) : Largest(overlaps, negatives));
        bins.Find(overlaps, negatives, slots, ends);
        for (var (slot, place) = (0, 0); slot < ends.Length; slot++) (ends[slot], place) = (place, place + ends[slot]);
        // Placing moves each slot's start on to its end.
        var sorted = candidates.Sorted(negatives.Length);
        OverlapBins.Place(negatives, slots, ends, sorted);
        return sorted;
    }

    private static float Largest(ReadOnlySpan<float> overlaps)
    {
        var (largest, i) = (0f, 0);
        var vector = Vector<float>.Zero;
        for (; i <= overlaps.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var values = new Vector<float>(overlaps[i..]);
            vector = Vector.ConditionalSelect(Vector.GreaterThan(values, vector), values, vector);
        }

        for (var lane = 0; lane < Vector<float>.Count; lane++) largest = Math.Max(largest, vector[lane]);
        for (; i < overlaps.Length; i++) largest = overlaps[i] > largest ? overlaps[i] : largest;
        return largest;
    }

    private static float Largest(ReadOnlySpan<float> overlaps, ReadOnlySpan<int> indices)
    {
        var largest = 0f;
        foreach (var i in indices) largest = overlaps[i] > largest ? overlaps[i] : largest;
        // The largest itself is to lie in the last bin, which is half-open.
        return MathF.BitIncrement(largest);
    }
}
