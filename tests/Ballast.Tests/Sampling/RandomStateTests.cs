using CsCheck;

namespace Ballast.Tests.Sampling;

public class RandomStateTests
{
    [Fact]
    public void A_stream_is_a_function_of_seed_step_and_image()
    {
        var states = new[] { (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 2, 1), (1, 2, 2), (2, 1, 2), (0, 0, 0), (-1, 0, 0), (0, -1, 0) };
        Assert.Equal(states.Length, states.Select(of => RandomState.Of(of.Item1, of.Item2, of.Item3)).Distinct().Count());
        var (a, b) = (RandomState.Of(3, 4, 5), RandomState.Of(3, 4, 5));
        for (var i = 0; i < 10; i++) Assert.Equal(a.Next(), b.Next());
        Assert.NotEqual(RandomState.Of(1, "a.jpg"), RandomState.Of(1, "b.jpg"));
        Assert.NotEqual(RandomState.Of(1, "a.jpg"), RandomState.Of(1, "a.jpg", step: 1));
    }

    /// <summary>The numbers themselves are a promise: a run is repeated years later.</summary>
    [Fact]
    public void The_numbers_stay_what_they_are()
    {
        var random = RandomState.Of(1, 2, 3);
        Assert.Equal([17, 667, 792, 94], new[] { random.Below(1000), random.Below(1000), random.Below(1000), random.Below(1000) });
    }

    [Fact]
    public void Whole_numbers_are_uniform()
    {
        var (random, counts) = (RandomState.Of(5, 0), new int[7]);
        for (var i = 0; i < 70_000; i++) counts[random.Below(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        var sum = 0.0;
        for (var i = 0; i < 70_000; i++)
        {
            var value = random.Uniform();
            Assert.InRange(value, 0, 1 - 1e-16);
            sum += value;
        }

        Assert.Equal(0.5, sum / 70_000, 0.01);
    }

    [Fact]
    public void A_draw_takes_every_item_equally_often_and_none_twice()
    {
        var (random, counts) = (RandomState.Of(6, 0), new int[10]);
        for (var draw = 0; draw < 10_000; draw++)
        {
            var items = Enumerable.Range(0, 10).ToArray();
            random.Draw(items, 3);
            Assert.Equal(Enumerable.Range(0, 10), items.Order());
            foreach (var item in items[..3]) counts[item]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 2_750, 3_250));
    }

    [Fact]
    public void The_smallest_keys_are_those_that_sorting_finds()
        => Gen.Select(Gen.ULong.Array[0, 700], Gen.Int[0, 63], Gen.Int[0, 700]).Sample((keys, shift, count) =>
        {
            for (var i = 0; i < keys.Length; i++) keys[i] = ((keys[i] >> shift) & ~0x3FFUL) | (uint)i;
            var selected = keys.ToArray();
            Selection.Smallest(selected, count);
            Assert.Equal(keys.Order().Take(count), selected.Take(count).Order());
            Assert.Equal(keys.Order(), selected.Order());
        });
}
