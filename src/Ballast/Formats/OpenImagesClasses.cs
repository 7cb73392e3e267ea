namespace Ballast;

/// <summary>
/// The classes of an Open Images set. Where descriptions are given they decide, in their order; without them the codes met are the names, in ordinal order.
/// </summary>
internal sealed class OpenImagesClasses
{
    private readonly DatasetBuilder _builder;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbersBySpan;
    private readonly List<(string Code, string Name)> _classes = [];
    private bool _isDescribed;

    public OpenImagesClasses(DatasetBuilder builder)
    {
        _builder = builder;
        _numbersBySpan = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads a file of descriptions: code and name, without a header.</summary>
    public void Read(FileTree tree, string path)
    {
        using var csv = OpenImagesFile.Open(tree, path);
        while (csv.Read())
        {
            if (csv.FieldCount < 2 || csv.GetString(0) is not { Length: > 0 } code || code == "LabelName") continue;
            _isDescribed = true;
            var name = csv.GetString(1);
            if (_numbers.TryAdd(code, _classes.Count)) _classes.Add((code, name.Length > 0 ? name : code));
            else _builder.Flaws.Add(FlawCode.DuplicateClassId, tree.Display(path), $"class '{code}'", name, csv.LineNumber);
        }
    }

    /// <summary>The provisional number of a code; -1 when descriptions do not have it, or there is none.</summary>
    public int Of(ReadOnlySpan<char> code)
    {
        if (code.IsEmpty) return BoxTable.UnknownClass;
        if (_numbersBySpan.TryGetValue(code, out var number)) return number;
        if (_isDescribed) return BoxTable.UnknownClass;
        var name = code.ToString();
        _numbers.Add(name, _classes.Count);
        _classes.Add((name, name));
        return _classes.Count - 1;
    }

    /// <summary>Defines the classes in the _builder.</summary>
    /// <returns>The index of each provisional number.</returns>
    public int[] Define()
    {
        var order = Enumerable.Range(0, _classes.Count);
        if (!_isDescribed) order = order.OrderBy(i => _classes[i].Code, StringComparer.Ordinal);
        var map = new int[_classes.Count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var number in order)
        {
            var (code, name) = _classes[number];
            map[number] = _builder.AddClass(name, _builder.ClassCount, code: code);
            if (!names.Add(name)) _builder.Flaws.Add(FlawCode.DuplicateClassName, "class descriptions", $"class '{code}'", name);
        }

        _builder.RemapClasses(map);
        return map;
    }
}
