using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Ballast;

/// <summary>
/// Numbers a file's ids 0, 1, 2 ... in the order they are met, wherever that is: annotations may name images and classes that come later in the file.
/// Whole numbers and texts are different ids. Each annotation asks twice, so ids of common size are looked up in a plain table.
/// </summary>
internal sealed class IdNumbering
{
    /// <summary>Ids under this stand in the table, and so do larger ones while the table holds at most so many places for each id.</summary>
    private const int DirectIds = 1 << 20;
    private const int PlacesPerId = 16;
    private readonly Dictionary<int, string> _textOf = [];
    private readonly Dictionary<long, int> _numberOfLarge = [];
    private readonly Dictionary<string, int> _numberOfText = new(StringComparer.Ordinal);
    private readonly List<long> _ids = [];

    /// <summary>Number + 1 of each id under its length; 0 for ids that were not met.</summary>
    private int[] _direct = [];

    /// <summary>How many different ids were met.</summary>
    public int Count => _ids.Count;

    /// <summary>Brings the place of an id that will soon be asked for from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(long id)
    {
        var direct = _direct;
        if (Sse.IsSupported && (ulong)id < (ulong)direct.Length) Sse.Prefetch0(Unsafe.AsPointer(ref direct[id]));
    }

    /// <summary>The number of a whole-number id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Of(long id)
    {
        var direct = _direct;
        if ((ulong)id < (ulong)direct.Length && direct[id] != 0) return direct[id] - 1;
        return FindOrAdd(id);
    }

    /// <summary>The number of an id that is text.</summary>
    public int Of(string id)
    {
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

    private int FindOrAdd(long id)
    {
        if (_numberOfLarge.TryGetValue(id, out var number)) return number;
        if ((ulong)id < (ulong)Math.Min(Array.MaxLength / 2, Math.Max(DirectIds, (long)Count * PlacesPerId))) return AddDirect((int)id);
        number = Append(id);
        _numberOfLarge.Add(id, number);
        return number;
    }

    private int AddDirect(int id)
    {
        if (id >= _direct.Length) Array.Resize(ref _direct, Math.Max(256, Math.Max(id + 1, _direct.Length * 2)));
        var number = Append(id);
        _direct[id] = number + 1;
        return number;
    }

    private int Append(long id)
    {
        _ids.Add(id);
        return _ids.Count - 1;
    }
}
