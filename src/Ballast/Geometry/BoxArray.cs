namespace Ballast;

/// <summary>Boxes as a structure of arrays, so that loops over them run in vectors. Grows; is meant to be cleared and used again.</summary>
public sealed class BoxArray
{
    private float[] _x1;
    private float[] _y1;
    private float[] _x2;
    private float[] _y2;

    /// <summary>Makes an empty array with room for a number of boxes.</summary>
    public BoxArray(int capacity = 16)
    {
        _x1 = new float[capacity];
        _y1 = new float[capacity];
        _x2 = new float[capacity];
        _y2 = new float[capacity];
    }

    /// <summary>Number of boxes.</summary>
    public int Count { get; private set; }

    /// <summary>Left edges, [N].</summary>
    public ReadOnlySpan<float> X1 => _x1.AsSpan(0, Count);

    /// <summary>Top edges, [N].</summary>
    public ReadOnlySpan<float> Y1 => _y1.AsSpan(0, Count);

    /// <summary>Right edges, [N].</summary>
    public ReadOnlySpan<float> X2 => _x2.AsSpan(0, Count);

    /// <summary>Bottom edges, [N].</summary>
    public ReadOnlySpan<float> Y2 => _y2.AsSpan(0, Count);

    /// <summary>The box at an index.</summary>
    public Box this[int index]
    {
        get => new(X1[index], Y1[index], X2[index], Y2[index]);
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            (_x1[index], _y1[index], _x2[index], _y2[index]) = value;
        }
    }

    /// <summary>Appends a box.</summary>
    public void Add(Box box)
    {
        if (Count == _x1.Length) Grow();
        (_x1[Count], _y1[Count], _x2[Count], _y2[Count]) = box;
        Count++;
    }

    /// <summary>Appends boxes.</summary>
    public void AddRange(ReadOnlySpan<Box> boxes)
    {
        foreach (var box in boxes) Add(box);
    }

    /// <summary>Moves every corner into an image, in place.</summary>
    /// <param name="width">Image width, pixels.</param>
    /// <param name="height">Image height, pixels.</param>
    public void Clip(float width, float height)
    {
        for (var i = 0; i < Count; i++) this[i] = this[i].Clip(width, height);
    }

    /// <summary>Appends to <paramref name="keep"/> the indices of boxes whose width and height both reach a length, pixels.</summary>
    public void KeepLargerThan(float side, List<int> keep)
    {
        ArgumentNullException.ThrowIfNull(keep);
        for (var i = 0; i < Count; i++)
        {
            if (_x2[i] - _x1[i] >= side && _y2[i] - _y1[i] >= side) keep.Add(i);
        }
    }

    /// <summary>Removes all boxes and keeps the room.</summary>
    public void Clear() => Count = 0;

    private void Grow()
    {
        var size = Math.Max(16, Count * 2);
        Array.Resize(ref _x1, size);
        Array.Resize(ref _y1, size);
        Array.Resize(ref _x2, size);
        Array.Resize(ref _y2, size);
    }
}
