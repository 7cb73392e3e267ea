namespace Ballast;

/// <summary>
/// Deals images to parts: of the class with the fewest undealt units first, each unit to the part that still wants most of that class (Sechidis et al. 2011, algorithm 1);
/// units without an object last, by the number of images.
/// </summary>
internal sealed class Stratification
{
    private readonly DetectionDataset _data;
    private readonly Unit[] _units;
    private readonly double[] _shares;

    /// <summary>[part][class, images last]: what the part still wants.</summary>
    private readonly double[][] _wanted;
    private readonly int[] _partOf;

    private Stratification(DetectionDataset data, double[] shares, int seed)
    {
        (_data, _shares) = (data, shares);
        _units = UnitsOf(data, seed);
        _partOf = new int[_units.Length];
        Array.Fill(_partOf, -1);
        var totals = new double[data.Classes.Count + 1];
        foreach (var unit in _units) unit.AddTo(totals, 1);
        _wanted = [.. shares.Select(share => totals.Select(total => share * total).ToArray())];
    }

    /// <summary>The parts.</summary>
    public static IEnumerable<SplitPart> Deal(DetectionDataset data, IReadOnlyList<(string Name, double Share)> parts, int seed)
    {
        var dealing = new Stratification(data, [.. parts.Select(part => part.Share)], seed);
        if (dealing._units.Length < parts.Count)
        {
            throw new InputException(dealing._units.Length == data.Images.Count
                ? $"'{data.Name}' has {Phrases.Count(data.Images.Count, "image", "images")}, too few for {parts.Count} parts. Give another data set to validate on."
                : $"'{data.Name}' has {Phrases.Count(dealing._units.Length, "group", "groups")} of images, which stay together, too few for {parts.Count} parts. Give another data set to validate on.");
        }

        dealing.Deal();
        return parts.Select((part, place) => new SplitPart { Name = part.Name, Share = part.Share, Images = [.. dealing.FilesOf(place)] });
    }

    private void Deal()
    {
        var images = _data.Classes.Count;
        while (RarestLeft() is { } @class)
        {
            for (var i = 0; i < _units.Length; i++)
            {
                if (_partOf[i] < 0 && _units[i].CountOf(@class) > 0) Give(i, @class);
            }
        }

        for (var i = 0; i < _units.Length; i++)
        {
            if (_partOf[i] < 0) Give(i, images);
        }

        // Shares far from equal may leave a part with nothing; it takes the unit that costs its owner least.
        for (var part = 0; part < _shares.Length; part++)
        {
            if (!_partOf.Contains(part)) TakeSmallest(part);
        }
    }

    /// <summary>The class with the fewest units that are not dealt, but at least one; null when all are.</summary>
    private int? RarestLeft()
    {
        var left = new int[_data.Classes.Count];
        for (var i = 0; i < _units.Length; i++)
        {
            if (_partOf[i] >= 0) continue;
            foreach (var (@class, _) in _units[i].Counts) left[@class]++;
        }

        var classes = Enumerable.Range(0, left.Length).Where(@class => left[@class] > 0).ToArray();
        return classes.Length == 0 ? null : classes.OrderBy(@class => left[@class]).ThenBy(@class => _data.Classes[@class], StringComparer.Ordinal).First();
    }

    private void Give(int unit, int label)
    {
        var images = _data.Classes.Count;
        var part = Enumerable.Range(0, _shares.Length).OrderByDescending(each => _wanted[each][label]).ThenByDescending(each => _wanted[each][images]).ThenByDescending(each => _shares[each]).First();
        _partOf[unit] = part;
        _units[unit].AddTo(_wanted[part], -1);
    }

    private void TakeSmallest(int part)
    {
        var owned = _partOf.CountBy(each => each).ToDictionary();
        var unit = Enumerable.Range(0, _units.Length).Where(i => owned[_partOf[i]] > 1).OrderBy(i => _units[i].Counts.Length).ThenBy(i => _units[i].Images.Count).First();
        _partOf[unit] = part;
    }

    private IEnumerable<string> FilesOf(int part)
        => Enumerable.Range(0, _units.Length).Where(i => _partOf[i] == part).SelectMany(i => _units[i].Images).Select(_data.Images.File).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>What stays together, in the order it is dealt.</summary>
    private static Unit[] UnitsOf(DetectionDataset data, int seed)
    {
        var groups = data.Images.GroupNames;
        // A file that stands in two groups joins them: the groups that share a file are one unit.
        var unit = new UnionFind(data.Images.Count);
        var (firstOfGroup, firstOfFile) = (new Dictionary<int, int>(), new Dictionary<string, int>(StringComparer.Ordinal));
        for (var image = 0; image < data.Images.Count; image++)
        {
            if (data.Images.Group(image) is >= 0 and var group && !firstOfGroup.TryAdd(group, image)) unit.Join(firstOfGroup[group], image);
            if (!firstOfFile.TryAdd(data.Images.File(image), image)) unit.Join(firstOfFile[data.Images.File(image)], image);
        }

        return
        [
            .. Enumerable.Range(0, data.Images.Count).GroupBy(unit.Of)
                .Select(images => new Unit([.. images], images.Select(image => KeyOf(data.Images, groups, image)).Min(StringComparer.Ordinal)!, data))
                .OrderBy(each => StableHash.Of(seed, each.Key)).ThenBy(each => each.Key, StringComparer.Ordinal),
        ];
    }

    private static string KeyOf(ImageTable images, IReadOnlyList<string> groups, int image) => images.Group(image) >= 0 ? groups[images.Group(image)] : images.File(image);

    /// <summary>Images that stay together, and their objects.</summary>
    private sealed class Unit
    {
        public Unit(IReadOnlyList<int> images, string key, DetectionDataset data)
        {
            (Images, Key) = (images, key);
            _classes = data.Classes.Count;
            var counts = new SortedDictionary<int, int>();
            foreach (var image in images)
            {
                var (start, end) = data.Boxes.Of(image);
                for (var box = start; box < end; box++)
                {
                    if (data.Boxes.Class(box) >= 0 && !data.Boxes.IsIgnored(box)) counts[data.Boxes.Class(box)] = counts.GetValueOrDefault(data.Boxes.Class(box)) + 1;
                }
            }

            Counts = [.. counts.Select(pair => (pair.Key, pair.Value))];
        }

        private readonly int _classes;

        public IReadOnlyList<int> Images { get; }

        public string Key { get; }

        /// <summary>Objects of each class that it has any of.</summary>
        public (int Class, int Objects)[] Counts { get; }

        public int CountOf(int @class) => Array.Find(Counts, count => count.Class == @class).Objects;

        /// <summary>Adds a multiple of its objects, and of its images behind them.</summary>
        public void AddTo(double[] totals, double times)
        {
            foreach (var (@class, objects) in Counts) totals[@class] += times * objects;
            totals[_classes] += times * Images.Count;
        }
    }

    /// <summary>Sets that are joined; each is named by one of its members.</summary>
    private sealed class UnionFind(int count)
    {
        private readonly int[] _above = [.. Enumerable.Range(0, count)];

        public int Of(int item)
        {
            while (_above[item] != item) item = _above[item] = _above[_above[item]];
            return item;
        }

        public void Join(int a, int b) => _above[Math.Max(Of(a), Of(b))] = Math.Min(Of(a), Of(b));
    }
}
