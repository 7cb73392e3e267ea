namespace Ballast;

internal sealed partial class CocoReader
{
    private readonly List<int> _imageOf = [];
    private readonly List<(int Image, int[] Numbers, bool IsAbsent)> _rawClassNotes = [];
    private FileTree _tree = null!;
    private string _entryFolder = "";
    private string? _folder;
    private string? _part;
    private int _firstImage;

    private void ReadImages()
    {
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            if (_scanner.Peek() == JsonKind.Object)
            {
                ReadImage();
                continue;
            }

            Flaws.Add(FlawCode.LineMalformed, _entry, $"an image at byte {_scanner.Offset}", "not an object");
            _scanner.Skip();
        }
    }

    private void ReadImage()
    {
        var number = -1;
        var isNumberAsText = false;
        string? file = null, url = null, group = null;
        double width = 0, height = 0;
        int[]? absent = null, notExhaustive = null;
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            switch (name.Length)
            {
                case 2 when name.SequenceEqual("id"u8):
                    number = ReadId(_imageIds, ref isNumberAsText);
                    break;
                case 9 when name.SequenceEqual("file_name"u8):
                    file = ReadPath();
                    break;
                case 5 when name.SequenceEqual("width"u8):
                    width = ReadNumber(ref isNumberAsText);
                    break;
                case 6 when name.SequenceEqual("height"u8):
                    height = ReadNumber(ref isNumberAsText);
                    break;
                case 8 when file is null && name.SequenceEqual("coco_url"u8):
                    url = ReadPath();
                    break;
                case 5 when name.SequenceEqual("group"u8) || name.SequenceEqual("scene"u8) || name.SequenceEqual("video"u8):
                case 8 when name.SequenceEqual("video_id"u8):
                    group = ReadGroup() ?? group;
                    break;
                case 16 when name.SequenceEqual("neg_category_ids"u8):
                    absent = ReadClassIds();
                    break;
                case 27 when name.SequenceEqual("not_exhaustive_category_ids"u8):
                    notExhaustive = ReadClassIds();
                    break;
                default:
                    _scanner.Skip();
                    break;
            }
        }

        var image = AddImage(number, Located(file ?? FileOfUrl(url)), Pixels(width), Pixels(height), group, isNumberAsText);
        if (absent is not null) _rawClassNotes.Add((image, absent, true));
        if (notExhaustive is not null) _rawClassNotes.Add((image, notExhaustive, false));
    }

    private int AddImage(int number, string file, int width, int height, string? group, bool isNumberAsText)
    {
        var textId = number < 0 ? null : _imageIds.TextId(number);
        var id = number < 0 || textId is not null ? builder.ImageCount : _imageIds.Id(number);
        var image = builder.AddImage(id, file, width, height, _part, group, textId);
        var subject = (_imageIds, number, file, image);
        if (number < 0) AddFlaw(FlawCode.ImageIdMissing, subject);
        if (textId is not null) AddFlaw(FlawCode.TextId, subject);
        if (isNumberAsText) AddFlaw(FlawCode.NumberAsText, subject);
        if (file.Length == 0) AddFlaw(FlawCode.ImageMissing, subject, "no file_name");
        if (number >= 0 && !Place(number, image)) AddFlaw(FlawCode.DuplicateImageId, subject);
        return image;
    }

    private void AddFlaw(FlawCode code, (IdNumbering Ids, int Number, string File, int Image) subject, string detail = "")
        => Flaws.Add(code, (_entry, subject, detail), static (c, s) =>
        {
            var id = s.subject.Number < 0 ? $"number {s.subject.Image + 1}" : s.subject.Ids.Display(s.subject.Number);
            return new(c, s._entry, 0, $"image {id} '{s.subject.File}'", s.detail);
        });

    /// <summary>Remembers which image an id stands for; false when it stands for another one already.</summary>
    private bool Place(int number, int image)
    {
        while (_imageOf.Count <= number) _imageOf.Add(-1);
        if (_imageOf[number] >= 0) return false;
        _imageOf[number] = image;
        return true;
    }

    private int[] ImageMap(out bool isIdentity)
    {
        while (_imageOf.Count < _imageIds.Count) _imageOf.Add(-1);
        isIdentity = true;
        for (var number = 0; number < _imageOf.Count && isIdentity; number++) isIdentity = _imageOf[number] == number;
        return [.. _imageOf];
    }

    /// <summary>The scene or video an image belongs to, by name or number; null when it is neither, or empty.</summary>
    private string? ReadGroup()
    {
        if (_scanner.Peek() == JsonKind.Number && _scanner.TryReadInt64(out var number)) return number.ToString();
        if (_scanner.Peek() == JsonKind.String) return _scanner.ReadString() is { Length: > 0 } name ? name : null;
        _scanner.Skip();
        return null;
    }

    private string? ReadPath()
    {
        if (_scanner.Peek() != JsonKind.String)
        {
            _scanner.Skip();
            return null;
        }

        var path = _scanner.ReadString();
        return path.Contains('\\') ? path.Replace('\\', '/') : path;
    }

    /// <summary>
    /// The file an address names: its last folder and name (LVIS gives http://images.cocodataset.org/train2017/000000391895.jpg and no file name).
    /// </summary>
    private static string FileOfUrl(string? url)
    {
        if (url is null) return "";
        var end = url.IndexOfAny(['?', '#']);
        var parts = (end < 0 ? url : url[..end]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('/', parts.Skip(Math.Max(parts.Length - 2, parts.Length > 0 && parts[0].EndsWith(':') ? 2 : 0)));
    }

    /// <summary>
    /// Names are relative to the annotation file's folder when the first image is found there (Roboflow's train/_annotations.coco.json), so that equal names in
    /// two folders stay two files; otherwise they stay as they are.
    /// </summary>
    private string Located(string file)
    {
        if (_entryFolder.Length == 0 || file.Length == 0) return file;
        _folder ??= _tree.Exists(_entryFolder + file) ? _entryFolder : "";
        return _folder.Length == 0 ? file : _folder + file;
    }

    /// <summary>Reads sizes that the files do not give from the images' headers.</summary>
    private void FindMissingSizes()
    {
        var images = Enumerable.Range(0, builder.ImageCount).Where(image => builder.ImageSize(image) is not ( > 0, > 0)).ToArray();
        if (images.Length == 0) return;
        var sizes = new ImageSizes(_tree, options);
        var quiet = options with { Progress = null };
        FileBatches.Read(images.Length, i => sizes.Read(builder.ImageFile(images[i])), (i, size) => AddSize(images[i], size, sizes), quiet);
    }

    private void AddSize(int image, ImageSize size, ImageSizes sizes)
    {
        var (file, subject) = (FileOf(image), $"image '{builder.ImageFile(image)}'");
        foreach (var flaw in size.Flaws) Flaws.Add(flaw.Code, file, subject, flaw.Detail);
        Flaws.Add(FlawCode.ImageSizeMissing, file, subject, size.Describe(sizes));
        builder.SetImageSize(image, size.Width, size.Height);
    }

    private static int Pixels(double value) => value is > 0 and <= int.MaxValue ? (int)value : 0;

    private int[] ReadClassIds()
    {
        var numbers = new List<int>();
        if (_scanner.Peek() != JsonKind.Array)
        {
            _scanner.Skip();
            return [];
        }

        var ignored = false;
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            var number = ReadId(_classIds, ref ignored);
            if (number >= 0) numbers.Add(number);
        }

        return [.. numbers];
    }

    private void ResolveClassNotes(int[] classOf)
    {
        foreach (var (image, numbers, isAbsent) in _rawClassNotes)
            _classNotes.Add((image, [.. numbers.Select(number => classOf[number]).Where(c => c >= 0)], isAbsent));
        _rawClassNotes.Clear();
    }

    /// <summary>Reports images of this file that name the same picture.</summary>
    private void ReportDuplicateFiles()
    {
        var seen = new HashSet<string>(builder.ImageCount - _firstImage, StringComparer.Ordinal);
        for (var image = _firstImage; image < builder.ImageCount; image++)
        {
            var file = builder.ImageFile(image);
            if (file.Length > 0 && !seen.Add(file)) Flaws.Add(FlawCode.DuplicateImageFile, _entry, $"image number {image - _firstImage + 1} '{file}'");
        }
    }
}
