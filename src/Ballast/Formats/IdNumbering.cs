using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Numbers a file's ids 0, 1, 2 ... in the order they are met, wherever that is: annotations may name images and classes that come later in the file.
/// Whole numbers and texts are different ids. A hash table with linear probing, since each annotation asks twice.
/// </summary>
internal sealed class IdNumbering
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;
    private readonly Dictionary<int, string> _textOf = [];
    private Dictionary<string, int>? _numberOfText;
    private long[] _ids = new long[64];
    private int[] _slots = new int[128];
    private int _shift = 57;

    /// <summary>How many different ids were met.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a whole-number id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Of(long id)
    {
        var slots = _slots;
        var ids = _ids;
        var slot = (int)((ulong)id * GoldenRatio >> _shift);
        while (slots[slot] != 0)
        {
            if (ids[slots[slot] - 1] == id) return slots[slot] - 1;
            slot = (slot + 1) & (slots.Length - 1);
        }

        return Add(id, slot);
    }

    /// <summary>The number of an id that is text.</summary>
    public int Of(string id)
    {
        _numberOfText ??= new(StringComparer.Ordinal);
        if (_numberOfText.TryGetValue(id, out var number)) return number;
        number = Append(0);
        _numberOfText.Add(id, number);
        _textOf.Add(number, id);
        return number;
    }

    /// <summary>The whole-number id of a number; 0 when it is text.</summary>
    public long Id(int number) => _ids[number];

    /// <summary>The text of a number, or null when the id is a whole number.</summary>
    public string? TextId(int number) => _textOf.GetValueOrDefault(number);

    /// <summary>The id of a number for people.</summary>
    public string Display(int number) => TextId(number) is { } text ? $"'{text}'" : _ids[number].ToString();

    private int Add(long id, int slot)
    {
        var number = Append(id);
        _slots[slot] = number + 1;
        if (Count * 2 > _slots.Length) Rehash();
        return number;
    }

    private int Append(long id)
    {
        if (Count == _ids.Length) Array.Resize(ref _ids, Count * 2);
        _ids[Count] = id;
        return Count++;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        _shift = 64 - BitOperations.Log2((uint)_slots.Length);
        for (var number = 0; number < Count; number++)
        {
            if (_textOf.ContainsKey(number)) continue;
            var slot = (int)((ulong)_ids[number] * GoldenRatio >> _shift);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = number + 1;
        }
    }
}
