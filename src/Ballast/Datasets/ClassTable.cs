using System.Collections;

namespace Ballast;

/// <summary>The classes of a data set in the file's order: names, and the ids the file gives them. As a list it is the names.</summary>
public sealed class ClassTable : IReadOnlyList<string>
{
    private readonly string[] _names;
    private readonly long[] _ids;
    private readonly string?[] _supercategories;
    private readonly string?[]? _codes;

    internal ClassTable(string[] names, long[] ids, string?[] supercategories, string?[]? codes = null)
    {
        _codes = codes;
        _names = names;
        _ids = ids;
        _supercategories = supercategories;
    }

    /// <summary>Number of classes, K.</summary>
    public int Count => _names.Length;

    /// <summary>The name of class <paramref name="index"/>, 0..K-1.</summary>
    public string this[int index] => _names[index];

    /// <summary>The id the file gives to class <paramref name="index"/> (COCO ids have gaps; YOLO's are the index).</summary>
    public long Id(int index) => _ids[index];

    /// <summary>The group the file puts class <paramref name="index"/> in, or null.</summary>
    public string? Supercategory(int index) => _supercategories[index];

    /// <summary>The code the file names class <paramref name="index"/> by where that is not its name (Open Images' /m/01g317), or null.</summary>
    public string? Code(int index) => _codes?[index];

    /// <summary>The index of a class name, or -1.</summary>
    public int IndexOf(string name) => Array.IndexOf(_names, name);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_names).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _names.GetEnumerator();
}
