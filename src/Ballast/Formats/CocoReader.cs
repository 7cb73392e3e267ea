using System.Globalization;
using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>
/// Reads the COCO files of one data set into a builder. Ids are numbered as they are met and resolved at the end of each file, so images, annotations and
/// categories may stand in any order, and equal ids in two files never meet.
/// </summary>
internal sealed partial class CocoReader(DatasetBuilder builder, LoadOptions options)
{
    private readonly List<SegmentationFile> _files = [];
    private readonly List<int> _firstImages = [];
    private readonly CocoClasses _classes = new();
    private readonly List<(int Image, int[] Classes, bool IsAbsent)> _classNotes = [];

    private JsonScanner _scanner = null!;
    private string _entry = "";
    private IdNumbering _imageIds = null!;
    private IdNumbering _classIds = null!;
    private int _firstBox;

    private FlawCollector Flaws => builder.Flaws;

    /// <summary>Reads all files and makes the data set's tables.</summary>
    public DetectionDataset Read(FileTree tree, IReadOnlyList<CocoFile> files, string path)
    {
        builder.AnnotationFileOf = FileOf;
        var total = files.Sum(file => Math.Max(1, tree.Length(file.Entry)));
        var before = 0L;
        foreach (var file in files)
        {
            Read(tree, file, done => options.Progress?.Report(Math.Min(1, (double)(before + done) / total)), isAlone: files.Count == 1);
            before += tree.Length(file.Entry);
        }

        Finish();
        var source = new DatasetSource(CocoFormat.FormatName, path, tree)
        {
            ImageFolders = options.ImageFolders,
            AllowOutside = options.AllowOutside,
            SegmentationFiles = _files,
        };
        return builder.Build(Path.GetFileName(path.TrimEnd('/', '\\')), source);
    }

    private void Read(FileTree tree, CocoFile file, Action<long> progress, bool isAlone)
    {
        (_imageIds, _classIds) = (new(), new());
        (_entry, _part, _folder) = (file.Entry, file.Part, null);
        (_tree, _entryFolder) = (tree, file.Folder);
        _firstBox = builder.BoxCount;
        _firstImage = builder.ImageCount;
        _imageOf.Clear();
        _firstImages.Add(_firstImage);
        _files.Add(new(file.Entry, tree.Length(file.Entry), tree.Written(file.Entry)));
        using var stream = tree.OpenForward(file.Entry);
        try
        {
            _scanner = new(stream, tree.Display(file.Entry), cancellation: options.Cancellation) { Progress = progress };
            ReadTables();
            FinishFile();
        }
        catch (InputException e) when (!isAlone && Flaws.Policy != FlawPolicy.Strict)
        {
            FinishFile();
            Flaws.Add(FlawCode.FileMalformed, file.Entry, $"file '{file.Entry}'", $"{e.Message} What stands before that place was read");
        }
    }

    private void ReadTables()
    {
        if (_scanner.HasByteOrderMark) Flaws.Add(FlawCode.ByteOrderMark, _entry, $"file '{_entry}'");
        if (_scanner.Peek() != JsonKind.Object) throw _scanner.Error("a COCO file is an object with images, annotations and categories");
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            if (_scanner.Peek() != JsonKind.Array) _scanner.Skip();
            else if (name.SequenceEqual("images"u8)) ReadImages();
            else if (name.SequenceEqual("annotations"u8)) ReadAnnotations();
            else if (name.SequenceEqual("categories"u8)) ReadCategories();
            else _scanner.Skip();
        }

        _scanner.End();
    }

    /// <summary>Resolves what this file's annotations name, now that all its images and classes are known.</summary>
    private void FinishFile()
    {
        var imageOf = ImageMap(out var isIdentity);
        var classOf = _classes.EndFile(_classIds, Flaws, _entry);
        ReportUnknown(imageOf, classOf);
        if (!isIdentity) builder.RemapImages(imageOf, _firstBox);
        builder.RemapClasses(classOf, _firstBox);
        ResolveClassNotes(classOf);
        ReportDuplicateFiles();
        ReportDuplicateIds();
    }

    private void Finish()
    {
        var map = _classes.AddTo(builder, _files[0].Entry);
        if (map is not null) builder.RemapClasses(map);
        foreach (var (image, classes, isAbsent) in _classNotes)
        {
            int[] known = [.. classes.Select(c => map is null ? c : map[c]).Where(c => c >= 0).Order()];
            if (isAbsent) builder.SetAbsentClasses(image, known);
            else builder.SetNotExhaustiveClasses(image, known);
        }

        if (_hasMissingIds) builder.NumberMissingIds();
        FindMissingSizes();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReportUnknown(int[] imageOf, int[] classOf)
    {
        for (var box = _firstBox; box < builder.BoxCount; box++)
        {
            var (image, @class) = (builder.ImageOfBox(box), builder.ClassOfBox(box));
            if (image >= 0 && imageOf[image] < 0) ReportUnknown(FlawCode.UnknownImage, box, "image_id", _imageIds.Display(image));
            if (@class >= 0 && classOf[@class] < 0) ReportUnknown(FlawCode.UnknownClass, box, "category_id", _classIds.Display(@class));
        }
    }

    private void ReportUnknown(FlawCode code, int box, string property, string id)
        => Flaws.Add(
            code, (this, box, property, id), static (c, s) => new(c, s.Item1._entry, 0, s.Item1.Subject(s.box, s.Item1.IdOf(s.box)), $"{s.property} {s.id}"));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReportDuplicateIds()
    {
        var seen = new IdSet();
        for (var box = _firstBox; box < builder.BoxCount; box++)
        {
            var id = builder.IdOfBox(box);
            if (id != DatasetBuilder.NoId && !seen.Add(id)) Flaws.Add(FlawCode.DuplicateAnnotationId, _entry, Subject(box, id));
        }
    }

    /// <summary>The file that holds the boxes of an image; images stand in the order of their files.</summary>
    private string FileOf(int image) => _files[_firstImages.FindLastIndex(first => first <= image)].Entry;

    private long IdOf(int box) => builder.IdOfBox(box);

    /// <summary>What sentences call a box of this file.</summary>
    private string Subject(int box, long id) => id != DatasetBuilder.NoId ? $"annotation {id}" : $"annotation number {box - _firstBox + 1} (without id)";

    /// <summary>Reads an id: a whole number, however it is written, or any other text.</summary>
    /// <returns>Its number, or -1 when there is no id.</returns>
    private int ReadId(IdNumbering ids, ref bool isNumberAsText)
        => _scanner.TryReadInt64(out var id) ? ids.Of(id) : ReadUnusualId(ids, ref isNumberAsText);

    private int ReadUnusualId(IdNumbering ids, ref bool isNumberAsText)
    {
        switch (_scanner.Peek())
        {
            case JsonKind.String:
                var text = _scanner.ReadString();
                if (!IsWholeNumber(text, out var number)) return ids.Of(text);
                isNumberAsText = true;
                return ids.Of(number);
            case JsonKind.Number:
                var value = _scanner.ReadDouble();
                return Math.Abs(value) < 1L << 53 && Math.Truncate(value) == value
                    ? ids.Of((long)value)
                    : ids.Of(value.ToString("R", CultureInfo.InvariantCulture));
            default:
                _scanner.Skip();
                return -1;
        }
    }

    /// <summary>Whether a text is a whole number as it would be written: "12", not "012", which is another name than 12.</summary>
    private static bool IsWholeNumber(string text, out long number)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number) && number.ToString(CultureInfo.InvariantCulture) == text;

    /// <summary>Reads a number, or a number written as text; NaN for anything else.</summary>
    private double ReadNumber(ref bool isNumberAsText)
    {
        switch (_scanner.Peek())
        {
            case JsonKind.Number:
                return _scanner.ReadDouble();
            case JsonKind.String:
                isNumberAsText = true;
                return double.TryParse(_scanner.ReadText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;
            default:
                _scanner.Skip();
                return double.NaN;
        }
    }

    /// <summary>Reads a flag: true, a number that is not 0, or either of them as text.</summary>
    private bool ReadFlag(ref bool isNumberAsText)
    {
        switch (_scanner.Peek())
        {
            case JsonKind.True or JsonKind.False:
                return _scanner.ReadBoolean();
            case JsonKind.String:
                isNumberAsText = true;
                var text = _scanner.ReadString();
                return text.Equals("true", StringComparison.OrdinalIgnoreCase) || (double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value != 0);
            default:
                var number = ReadNumber(ref isNumberAsText);
                return number is not (0 or double.NaN);
        }
    }
}
