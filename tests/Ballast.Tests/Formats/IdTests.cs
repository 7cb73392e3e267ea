using CsCheck;

namespace Ballast.Tests;

public class IdTests
{
    private static readonly Gen<long> Ids = Gen.OneOf(Gen.Long[0, 300], Gen.Long[0, 1L << 22], Gen.Long, Gen.Long[-5, 5]);

    [Fact]
    public void Ids_are_numbered_in_the_order_they_are_met() => Ids.Array[0, 400].Sample(ids =>
    {
        var numbering = new IdNumbering();
        var plain = new Dictionary<long, int>();
        foreach (var id in ids)
        {
            plain.TryAdd(id, plain.Count);
            Assert.Equal(plain[id], numbering.Of(id));
            Assert.Equal(id, numbering.Id(plain[id]));
        }

        Assert.Equal(plain.Count, numbering.Of("7"));
        Assert.Equal("7", numbering.TextId(plain.Count));
    }, iter: 300);

    [Fact]
    public void A_large_id_met_early_keeps_its_number_when_the_table_has_grown_past_it()
    {
        var numbering = new IdNumbering();
        Assert.Equal(0, numbering.Of(3_000_000));
        for (var id = 0; id < 400_000; id++) numbering.Of(id);
        Assert.Equal(400_001, numbering.Of(3_000_001));
        Assert.Equal(0, numbering.Of(3_000_000));
    }

    [Fact]
    public void A_repeated_id_is_found_whether_ids_lie_close_or_far_apart() => Ids.Array[0, 2000].Sample(ids =>
    {
        var (set, plain) = (new IdSet(), new HashSet<long>());
        foreach (var id in ids) Assert.Equal(plain.Add(id), set.Add(id));
    }, iter: 300);

    [Fact]
    public void Scattered_ids_do_not_take_a_page_each()
    {
        var (set, plain) = (new IdSet(), new HashSet<long>());
        for (var i = 0L; i < 20_000; i++)
        {
            var id = (long)StableHash.Mix((ulong)(i % 15_000));
            Assert.Equal(plain.Add(id), set.Add(id));
        }
    }
}
