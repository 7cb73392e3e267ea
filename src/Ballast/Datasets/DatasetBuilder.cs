using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Collects what a reader finds, in file order, and makes the immutable tables: boxes sorted by image (stable), flaws of geometry found and, under the repair
/// policy, mended. Readers add flaws of their own format themselves.
/// </summary>
internal sealed partial class DatasetBuilder(BoxEncoding encoding, FlawPolicy policy)
{
    public const long NoId = long.MinValue;

    private readonly List<string> _classNames = [];
    private readonly List<long> _classIds = [];
    private readonly List<string?> _supercategories = [];
    private readonly List<string?> _codes = [];

    private readonly Column<long> _imageIds = new();
    private readonly List<string> _files = [];
    private readonly Column<int> _widths = new();
    private readonly Column<int> _heights = new();
    private readonly Column<sbyte> _parts = new();
    private readonly Column<int> _groups = new();
    private readonly List<string> _partNames = [];
    private readonly List<string> _groupNames = [];
    private readonly Dictionary<string, int> _groupIndex = new(StringComparer.Ordinal);
    private Dictionary<int, string>? _textIds;
    private Dictionary<int, int[]>? _absentClasses;
    private Dictionary<int, int[]>? _notExhaustiveClasses;

    private readonly Column<int> _boxImages = new();
    private readonly Column<double> _a = new();
    private readonly Column<double> _b = new();
    private readonly Column<double> _c = new();
    private readonly Column<double> _d = new();
    private readonly Column<int> _boxClasses = new();
    private readonly Column<BoxMarks> _marks = new();
    private readonly Column<long> _ids = new();
    private readonly Column<double> _areas = new();
    private readonly Column<ByteRange> _segmentations = new();

    public FlawCollector Flaws { get; } = new(policy);

    public int ImageCount => _imageIds.Count;

    public int BoxCount => _a.Count;

    public int ClassCount => _classNames.Count;

    public IReadOnlyList<string> ClassNames => _classNames;

    /// <summary>
    /// The file that holds the boxes of an image, for sentences about them: asked only when there is something to say. Null: the image's own name.
    /// </summary>
    public Func<int, string>? AnnotationFileOf { get; set; }

    public int AddClass(string name, long id, string? supercategory = null, string? code = null)
    {
        _classNames.Add(name);
        _classIds.Add(id);
        _supercategories.Add(supercategory);
        _codes.Add(code == name ? null : code);
        return _classNames.Count - 1;
    }

    /// <summary>Adds an image; its index is the number of images before it.</summary>
    /// <param name="id">The file's id, or the position.</param>
    /// <param name="file">File name with forward slashes.</param>
    /// <param name="width">Pixels; 0 when not known.</param>
    /// <param name="height">Pixels; 0 when not known.</param>
    /// <param name="part">Name of its part, or null.</param>
    /// <param name="group">Name of its scene or video, or null.</param>
    /// <param name="textId">The id as text when it is not a whole number.</param>
    public int AddImage(long id, string file, int width, int height, string? part = null, string? group = null, string? textId = null)
    {
        var index = _imageIds.Count;
        _imageIds.Add(id);
        _files.Add(file);
        _widths.Add(width);
        _heights.Add(height);
        AddPart(index, part);
        AddGroup(index, group);
        if (textId is not null) (_textIds ??= [])[index] = textId;
        return index;
    }

    public void SetImageSize(int image, int width, int height)
    {
        _widths[image] = width;
        _heights[image] = height;
    }

    public (int Width, int Height) ImageSize(int image) => (_widths[image], _heights[image]);

    public string ImageFile(int image) => _files[image];

    public void SetAbsentClasses(int image, int[] classes) => (_absentClasses ??= [])[image] = classes;

    public void SetNotExhaustiveClasses(int image, int[] classes) => (_notExhaustiveClasses ??= [])[image] = classes;

    /// <summary>
    /// Adds a box. <paramref name="image"/> is an index (or, for readers that meet boxes before images, a key that <see cref="RemapImages"/> resolves); -1 is
    /// an unknown image.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddBox(
        int image, int @class, double a, double b, double c, double d,
        BoxMarks marks = BoxMarks.None, long id = NoId, double area = double.NaN, ByteRange segmentation = default)
    {
        var index = _a.Count;
        _boxImages.Add(image);
        _a.Add(a);
        _b.Add(b);
        _c.Add(c);
        _d.Add(d);
        _boxClasses.Add(@class);
        _marks.Add(marks);
        if (id != NoId || _ids.Count > 0)
        {
            _ids.PadTo(index, NoId);
            _ids.Add(id);
        }

        if (!double.IsNaN(area) || _areas.Count > 0)
        {
            _areas.PadTo(index, double.NaN);
            _areas.Add(area);
        }

        if (!segmentation.IsEmpty || _segmentations.Count > 0)
        {
            _segmentations.PadTo(index, default);
            _segmentations.Add(segmentation);
        }
    }

    /// <summary>Replaces the provisional image of every box from number <paramref name="from"/> on by <paramref name="map"/>[provisional].</summary>
    public void RemapImages(ReadOnlySpan<int> map, int from = 0)
    {
        for (var i = from; i < _boxImages.Count; i++)
        {
            ref var image = ref _boxImages[i];
            if (image >= 0) image = map[image];
        }
    }

    /// <summary>Replaces the provisional class of every box from number <paramref name="from"/> on by <paramref name="map"/>[provisional].</summary>
    public void RemapClasses(ReadOnlySpan<int> map, int from = 0)
    {
        for (var i = from; i < _boxClasses.Count; i++)
        {
            ref var @class = ref _boxClasses[i];
            if (@class >= 0) @class = map[@class];
        }
    }

    /// <summary>Provisional image of a box, as it was added.</summary>
    public int ImageOfBox(int box) => _boxImages[box];

    /// <summary>Provisional class of a box, as it was added.</summary>
    public int ClassOfBox(int box) => _boxClasses[box];

    /// <summary>The file's id of a box, or <see cref="NoId"/>.</summary>
    public long IdOfBox(int box) => box < _ids.Count ? _ids[box] : NoId;

    /// <summary>Numbers the boxes without an id on from the largest id, when others have one.</summary>
    public void NumberMissingIds()
    {
        if (_ids.Count == 0) return;
        _ids.PadTo(BoxCount, NoId);
        var last = 0L;
        for (var i = 0; i < _ids.Count; i++) last = _ids[i] < long.MaxValue / 2 ? Math.Max(last, _ids[i]) : last;
        for (var i = 0; i < _ids.Count; i++)
        {
            if (_ids[i] == NoId) _ids[i] = ++last;
        }
    }

    private void AddPart(int index, string? part)
    {
        if (part is null && _parts.Count == 0) return;
        _parts.PadTo(index, ImageTable.NoPart);
        var number = part is null ? ImageTable.NoPart : _partNames.IndexOf(part);
        if (part is not null && number < 0)
        {
            if (_partNames.Count == sbyte.MaxValue) throw new InputException($"More than {sbyte.MaxValue} parts; '{part}' is one too many.");
            _partNames.Add(part);
            number = _partNames.Count - 1;
        }

        _parts.Add((sbyte)number);
    }

    private void AddGroup(int index, string? group)
    {
        if (group is null && _groups.Count == 0) return;
        _groups.PadTo(index, -1);
        if (group is null)
        {
            _groups.Add(-1);
            return;
        }

        if (!_groupIndex.TryGetValue(group, out var number))
        {
            number = _groupNames.Count;
            _groupNames.Add(group);
            _groupIndex.Add(group, number);
        }

        _groups.Add(number);
    }
}
