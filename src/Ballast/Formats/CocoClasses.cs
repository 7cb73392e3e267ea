namespace Ballast;

/// <summary>
/// The classes of several COCO files, united by name: a class has the id of the first file that defines it. Two classes of one name in one file stay two.
/// </summary>
internal sealed class CocoClasses
{
    private readonly List<(int Number, string? Name, string? Supercategory)> _ofFile = [];
    private readonly Dictionary<(string Name, int Occurrence), int> _indexOf = [];
    private readonly List<string> _names = [];
    private readonly List<string?> _supercategories = [];

    /// <summary>Ids; <see cref="DatasetBuilder.NoId"/> until a free one is given.</summary>
    private readonly List<long> _ids = [];

    private readonly HashSet<long> _taken = [];

    /// <summary>Adds a category of the file that is being read.</summary>
    /// <param name="number">Number of its id, or -1.</param>
    /// <param name="name">Its name, or null.</param>
    /// <param name="supercategory">The group it is in, or null.</param>
    public void Add(int number, string? name, string? supercategory) => _ofFile.Add((number, name, supercategory));

    /// <summary>Unites the file's categories with those before.</summary>
    /// <returns>The class index of each numbered id, or -1 where the file defines none.</returns>
    public int[] EndFile(IdNumbering ids, FlawCollector flaws, string entry)
    {
        var classOf = new int[ids.Count];
        classOf.AsSpan().Fill(-1);
        var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, givenName, supercategory) in _ofFile)
        {
            var id = number < 0 ? DatasetBuilder.NoId : ids.TextId(number) is null ? ids.Id(number) : DatasetBuilder.NoId;
            var name = givenName ?? (number < 0 ? $"class {_names.Count + 1}" : ids.TextId(number) ?? ids.Id(number).ToString());
            var subject = number < 0 ? $"class '{name}'" : $"class {ids.Display(number)} '{name}'";
            if (number < 0) flaws.Add(FlawCode.ClassIdMissing, entry, subject);
            else if (ids.TextId(number) is not null) flaws.Add(FlawCode.TextId, entry, subject, "classes have numbers for ids; numbered anew");
            if (givenName is null) flaws.Add(FlawCode.ClassNameMissing, entry, subject);
            var isRepeated = number >= 0 && classOf[number] >= 0;
            if (isRepeated) flaws.Add(FlawCode.DuplicateClassId, entry, subject);
            if (isRepeated && _names[classOf[number]] == name) continue;
            var occurrence = occurrences.GetValueOrDefault(name);
            occurrences[name] = occurrence + 1;
            if (occurrence > 0) flaws.Add(FlawCode.DuplicateClassName, entry, subject);
            var index = IndexOf(name, occurrence, isRepeated ? DatasetBuilder.NoId : id, supercategory);
            if (number >= 0 && !isRepeated) classOf[number] = index;
        }

        _ofFile.Clear();
        return classOf;
    }

    /// <summary>Gives the classes to the builder, a root category left out.</summary>
    /// <param name="builder">Takes them.</param>
    /// <param name="file">The first file, for what is to be said about the root.</param>
    /// <returns>The final index of each class, -1 for the root; null when every class stays as it is.</returns>
    public int[]? AddTo(DatasetBuilder builder, string file)
    {
        GiveFreeIds();
        var root = FindRoot(builder);
        for (var index = 0; index < _names.Count; index++)
        {
            if (index != root) builder.AddClass(_names[index], _ids[index], _supercategories[index]);
        }

        if (root < 0) return null;
        builder.Flaws.Add(FlawCode.RootClass, file, $"class {_ids[root]} '{_names[root]}'");
        return [.. Enumerable.Range(0, _names.Count).Select(index => index == root ? -1 : index > root ? index - 1 : index)];
    }

    private int IndexOf(string name, int occurrence, long id, string? supercategory)
    {
        if (_indexOf.TryGetValue((name, occurrence), out var index)) return index;
        index = _names.Count;
        _indexOf.Add((name, occurrence), index);
        _names.Add(name);
        _supercategories.Add(supercategory);
        _ids.Add(id != DatasetBuilder.NoId && _taken.Add(id) ? id : DatasetBuilder.NoId);
        return index;
    }

    private void GiveFreeIds()
    {
        var next = 1L;
        for (var index = 0; index < _ids.Count; index++)
        {
            if (_ids[index] != DatasetBuilder.NoId) continue;
            while (!_taken.Add(next)) next++;
            _ids[index] = next;
        }
    }

    /// <summary>The category that is the supercategory of all others (not of itself) and has no box, or -1.</summary>
    private int FindRoot(DatasetBuilder builder)
    {
        if (_names.Count < 2) return -1;
        var group = _supercategories.Find(name => name is not null && _names.Contains(name));
        var root = group is null ? -1 : _names.IndexOf(group);
        if (root < 0 || _supercategories[root] == _names[root]) return -1;
        for (var index = 0; index < _names.Count; index++)
        {
            if (index != root && _supercategories[index] != _names[root]) return -1;
        }

        for (var box = 0; box < builder.BoxCount; box++)
        {
            if (builder.ClassOfBox(box) == root) return -1;
        }

        return root;
    }
}
