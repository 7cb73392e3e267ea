using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// A set of whole numbers that tells whether a number was there before. Ids mostly lie close together, so they are bits in pages of 4,096: a byte or less an
/// id. Scattered ids (random 64-bit ones), which would need a page each, go to a hash set instead.
/// </summary>
internal sealed class IdSet
{
    private const int PageBits = 12;
    private const int FewPages = 4096;
    private readonly Dictionary<long, ulong[]> _pages = [];
    private HashSet<long>? _scattered;
    private long _lastKey = long.MinValue;
    private ulong[] _lastPage = [];
    private long _count;

    /// <summary>Adds a number; false when it was there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Add(long id)
    {
        var key = id >> PageBits;
        if (key != _lastKey && !Turn(key)) return _scattered!.Add(id);
        ref var word = ref _lastPage[(id >> 6) & 63];
        var bit = 1UL << (int)(id & 63);
        if ((word & bit) != 0) return false;
        if (_scattered is not null && _scattered.Contains(id)) return false;
        word |= bit;
        _count++;
        return true;
    }

    /// <summary>Turns to a page; false when there is none and ids are too scattered to make one.</summary>
    private bool Turn(long key)
    {
        if (!_pages.TryGetValue(key, out var page))
        {
            if (_pages.Count >= FewPages && _pages.Count * 64L > _count)
            {
                _scattered ??= [];
                return false;
            }

            page = new ulong[1 << (PageBits - 6)];
            _pages.Add(key, page);
        }

        (_lastKey, _lastPage) = (key, page);
        return true;
    }
}
