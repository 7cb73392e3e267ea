namespace Ballast;

/// <summary>The images of a data set, a column each.</summary>
public sealed class ImageTable
{
    /// <summary>The value of <see cref="Part"/> for an image that belongs to no named part.</summary>
    public const int NoPart = -1;

    private readonly long[] _ids;
    private readonly string?[]? _textIds;
    private readonly string[] _files;
    private readonly int[] _widths;
    private readonly int[] _heights;
    private readonly sbyte[]? _parts;
    private readonly int[]? _groups;
    private readonly int[]?[]? _absentClasses;
    private readonly int[]?[]? _notExhaustiveClasses;

    internal ImageTable(ImageColumns columns)
    {
        _ids = columns.Ids;
        _textIds = columns.TextIds;
        _files = columns.Files;
        _widths = columns.Widths;
        _heights = columns.Heights;
        _parts = columns.Parts;
        _groups = columns.Groups;
        _absentClasses = columns.AbsentClasses;
        _notExhaustiveClasses = columns.NotExhaustiveClasses;
        PartNames = columns.PartNames;
        GroupNames = columns.GroupNames;
    }

    /// <summary>The same images under other file names.</summary>
    private ImageTable(ImageTable images, string[] files)
    {
        _ids = images._ids;
        _textIds = images._textIds;
        _files = files;
        _widths = images._widths;
        _heights = images._heights;
        _parts = images._parts;
        _groups = images._groups;
        _absentClasses = images._absentClasses;
        _notExhaustiveClasses = images._notExhaustiveClasses;
        PartNames = images.PartNames;
        GroupNames = images.GroupNames;
    }

    /// <summary>Number of images.</summary>
    public int Count => _ids.Length;

    /// <summary>The parts the format knows (train, val, test ...), train, val and test first, the others in the order they were met.</summary>
    public IReadOnlyList<string> PartNames { get; }

    /// <summary>Names of the groups (scene, video) images belong to; empty when the format has none.</summary>
    public IReadOnlyList<string> GroupNames { get; }

    /// <summary>The same images under other file names, one each.</summary>
    internal ImageTable WithFiles(string[] files) => new(this, files);

    /// <summary>The id the file gives the image; its position when the format has no ids.</summary>
    public long Id(int image) => _ids[image];

    /// <summary>The id as text: the file's own text when ids are not whole numbers.</summary>
    public string IdText(int image) => _textIds?[image] ?? _ids[image].ToString();

    /// <summary>The file's own text for an id that is not a whole number, or null.</summary>
    public string? TextId(int image) => _textIds?[image];

    /// <summary>The image's file as the annotations name it, with forward slashes.</summary>
    public string File(int image) => _files[image];

    /// <summary>Width in pixels as displayed (EXIF orientation applied); 0 when not known.</summary>
    public int Width(int image) => _widths[image];

    /// <summary>Height in pixels as displayed; 0 when not known.</summary>
    public int Height(int image) => _heights[image];

    /// <summary>Whether the size of the image is known.</summary>
    public bool HasSize(int image) => _widths[image] > 0 && _heights[image] > 0;

    /// <summary>Index into <see cref="PartNames"/>, or <see cref="NoPart"/>.</summary>
    public int Part(int image) => _parts is null ? NoPart : _parts[image];

    /// <summary>Index into <see cref="GroupNames"/>, or -1.</summary>
    public int Group(int image) => _groups is null ? -1 : _groups[image];

    /// <summary>Classes known to be absent from the image (LVIS, Open Images); empty when nothing is known.</summary>
    public ReadOnlySpan<int> AbsentClasses(int image) => _absentClasses?[image];

    /// <summary>Classes of which the image holds objects that nobody marked (LVIS); empty when nothing is known.</summary>
    public ReadOnlySpan<int> NotExhaustiveClasses(int image) => _notExhaustiveClasses?[image];
}

/// <summary>The columns an <see cref="ImageTable"/> is made of.</summary>
internal sealed class ImageColumns
{
    public required long[] Ids { get; init; }

    public string?[]? TextIds { get; init; }

    public required string[] Files { get; init; }

    public required int[] Widths { get; init; }

    public required int[] Heights { get; init; }

    public sbyte[]? Parts { get; init; }

    public int[]? Groups { get; init; }

    public int[]?[]? AbsentClasses { get; init; }

    public int[]?[]? NotExhaustiveClasses { get; init; }

    public IReadOnlyList<string> PartNames { get; init; } = [];

    public IReadOnlyList<string> GroupNames { get; init; } = [];
}
