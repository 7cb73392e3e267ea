using CsvHelper;

namespace Ballast;

/// <summary>
/// Reads the CSV files of an Open Images set into a builder: classes and images first, then boxes and labels of whole images, then the sizes of the
/// images.
/// </summary>
internal sealed class OpenImagesReader
{
    private const int RowsBetweenChecks = 4096;
    private readonly FileTree _tree;
    private readonly DatasetBuilder _builder;
    private readonly LoadOptions _options;
    private readonly OpenImagesClasses _classes;
    private readonly Dictionary<string, int> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _imagesBySpan;
    private readonly List<string> _ids = [];
    private readonly List<string?> _boxFiles = [];
    private readonly Dictionary<int, SortedSet<int>> _absent = [];
    private readonly HashSet<string> _listedParts = new(StringComparer.Ordinal);
    private readonly ImageSizes _sizes;
    private readonly PathGuard _guard;
    private Dictionary<string, string>? _imageFiles;
    private long _rows;

    public OpenImagesReader(FileTree tree, DatasetBuilder builder, LoadOptions options)
    {
        (_tree, _builder, _options) = (tree, builder, options);
        (_classes, _sizes, _guard) = (new(builder), new(tree, options), new(tree, options));
        builder.AnnotationFileOf = image => _boxFiles[image] ?? _ids[image];
        _imagesBySpan = _images.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads all files.</summary>
    public void Read(IReadOnlyList<OpenImagesFile> files)
    {
        foreach (var file in files.Where(file => file.Kind == OpenImagesKind.Classes)) Guard(file, () => _classes.Read(_tree, file.Path));
        foreach (var file in files.Where(file => file.Kind == OpenImagesKind.Images)) ReadRows(file, ReadImages);
        foreach (var file in files.Where(file => file.Kind == OpenImagesKind.Boxes)) ReadRows(file, ReadBoxes);
        foreach (var file in files.Where(file => file.Kind == OpenImagesKind.Labels)) ReadRows(file, ReadLabels);
        var map = _classes.Define();
        foreach (var (image, classes) in _absent) _builder.SetAbsentClasses(image, [.. classes.Select(number => map[number]).Order()]);
        FileBatches.Read(_builder.ImageCount, image => _sizes.Read(_builder.ImageFile(image)), AddSize, _options);
    }

    private void ReadRows(OpenImagesFile file, Action<CsvReader, OpenImagesRow> read) => Guard(file, () =>
    {
        using var csv = OpenImagesFile.Open(_tree, file.Path);
        if (csv.Read()) read(csv, new(csv, file, _tree.Display(file.Path), _builder.Flaws));
    });

    /// <summary>A file that breaks off is a flaw; what was read of it, and the other files, stay.</summary>
    private void Guard(OpenImagesFile file, Action read)
    {
        if (!_guard.Allows(file.Path))
        {
            _builder.Flaws.Add(FlawCode.OutsidePath, _tree.Display(file.Path), "the file", "a link that leads outside");
            return;
        }

        try
        {
            read();
        }
        catch (Exception e) when (e is CsvFormatException or IOException)
        {
            _builder.Flaws.Add(FlawCode.FileMalformed, _tree.Display(file.Path), "the file", e.Message);
        }
    }

    private bool Next(CsvReader csv)
    {
        if (++_rows % RowsBetweenChecks == 0) _options.Cancellation.ThrowIfCancellationRequested();
        return csv.Read();
    }

    private void ReadImages(CsvReader csv, OpenImagesRow row)
    {
        var (id, subset, rotation) = (row.Column("ImageID"), row.Column("Subset"), row.Column("Rotation"));
        while (Next(csv))
        {
            if (row.Text(id).IsEmpty) continue;
            var name = row.Text(id).ToString();
            var part = row.File.Part ?? (row.Text(subset) is { IsEmpty: false } text ? text.ToString() : null);
            _listedParts.Add(part ?? "");
            if (_images.ContainsKey(name)) _builder.Flaws.Add(FlawCode.DuplicateImageId, row.Name, $"image '{name}'", "", row.Line);
            else AddImage(name, part);
            if (row.Number(rotation) is 90 or 180 or 270)
                _builder.Flaws.Add(FlawCode.ImageRotated, row.Name, $"image '{name}'", $"Rotation {row.Number(rotation)}", row.Line);
        }
    }

    private void ReadBoxes(CsvReader csv, OpenImagesRow row)
    {
        var (id, label) = (row.Column("ImageID"), row.Column("LabelName"));
        var (x1, y1, x2, y2) = (row.Column("XMin"), row.Column("YMin"), row.Column("XMax"), row.Column("YMax"));
        var (occluded, truncated, group) = (row.Column("IsOccluded"), row.Column("IsTruncated"), row.Column("IsGroupOf"));
        var (depiction, inside) = (row.Column("IsDepiction"), row.Column("IsInside"));
        while (Next(csv))
        {
            if (row.Text(id).IsEmpty)
            {
                _builder.Flaws.Add(FlawCode.LineMalformed, row.Name, "a row", "it names no image", row.Line);
                continue;
            }

            var image = ImageOf(row, id);
            var @class = _classes.Of(row.Text(label));
            if (@class < 0) _builder.Flaws.Add(FlawCode.UnknownClass, row.Name, "a row", $"LabelName '{row.Text(label)}'", row.Line);
            var marks = row.Flag(occluded, BoxMarks.Occluded) | row.Flag(truncated, BoxMarks.Truncated) | row.Flag(group, BoxMarks.Crowd)
                | row.Flag(depiction, BoxMarks.Depiction) | row.Flag(inside, BoxMarks.Inside);
            _builder.AddBox(image, @class, row.Number(x1), row.Number(y1), row.Number(x2), row.Number(y2), marks);
            if (image >= 0) _boxFiles[image] = row.Name;
            row.ReportAsRead(image < 0 ? "?" : _ids[image]);
        }
    }

    /// <summary>A label of a whole image: with confidence 0, people (or a verified machine) say that the class is absent.</summary>
    private void ReadLabels(CsvReader csv, OpenImagesRow row)
    {
        var (id, label, confidence) = (row.Column("ImageID"), row.Column("LabelName"), row.Column("Confidence"));
        while (Next(csv))
        {
            if (row.Text(id).IsEmpty || row.Number(confidence) != 0) continue;
            var @class = _classes.Of(row.Text(label));
            if (@class < 0 || ImageOf(row, id) is not (>= 0 and var image)) continue;
            if (!_absent.TryGetValue(image, out var classes)) _absent.Add(image, classes = []);
            classes.Add(@class);
        }
    }

    /// <summary>The image of a row; one that the list of its part does not have is unknown, without a list it is new.</summary>
    private int ImageOf(OpenImagesRow row, int column)
    {
        var id = row.Text(column);
        if (_imagesBySpan.TryGetValue(id, out var image)) return image;
        var name = id.ToString();
        if (!_listedParts.Contains(row.File.Part ?? "") && (row.File.Part is not null || _listedParts.Count == 0)) return AddImage(name, row.File.Part);
        _builder.Flaws.Add(FlawCode.UnknownImage, row.Name, $"image '{name}'", "no image list names it", row.Line);
        return -1;
    }

    private int AddImage(string id, string? part)
    {
        _images.Add(id, _builder.ImageCount);
        _ids.Add(id);
        _boxFiles.Add(null);
        return _builder.AddImage(_builder.ImageCount, FileOf(id, part), 0, 0, part, textId: id);
    }

    /// <summary>
    /// The image's file in the tree, whatever folder it lies in; one of its part's folder first. Without a file the bare id, which is looked for with
    /// every extension.
    /// </summary>
    private string FileOf(string id, string? part)
    {
        _imageFiles ??= ListImageFiles();
        if (part is not null && _imageFiles.TryGetValue($"{PartName.Common(part)}/{id}", out var own)) return own;
        return _imageFiles.GetValueOrDefault(id, id);
    }

    private Dictionary<string, string> ListImageFiles()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in _tree.Files.Where(path => ImageName.HasImageExtension(path)))
        {
            var stem = path[(path.LastIndexOf('/') + 1)..path.LastIndexOf('.')];
            files.TryAdd(stem, path);
            if (PartName.InPath(path) is { } folder) files.TryAdd($"{PartName.Common(folder)}/{stem}", path);
        }

        return files;
    }

    private void AddSize(int image, ImageSize size)
    {
        var file = _builder.ImageFile(image);
        foreach (var flaw in size.Flaws) flaw.AddTo(_builder.Flaws, _tree, file, file);
        if (size.Outcome == ImageSearchOutcome.Missing) _builder.Flaws.Add(FlawCode.ImageSizeMissing, _tree.Display(file), $"image '{file}'", _sizes.Searched);
        if (size.IsKnown) _builder.SetImageSize(image, size.Width, size.Height);
    }
}
