using System.Globalization;

namespace Ballast;

/// <summary>
/// The rows of a file of detections as they are read: images and classes are numbered as they are met and resolved at the end, for what names them (ids, file names,
/// indices) shows only when all are known.
/// </summary>
internal sealed class RawDetections(string file, FlawPolicy policy)
{
    private readonly DetectionTableBuilder _rows = new();
    private readonly List<(int Row, long Line)> _lines = [];
    private long _dropped;

    public IdNumbering Images { get; } = new();

    public IdNumbering Classes { get; } = new();

    public FlawCollector Flaws { get; } = new(policy);

    public string File => file;

    public int Count => _rows.Count;

    /// <summary>Adds a row; NaN stands for a number that is missing or no number, -1 for a missing image or class.</summary>
    /// <param name="row">The row, with provisional image and class.</param>
    /// <param name="entry">The file of a folder the row stands in, or null for the one file.</param>
    /// <param name="line">Its line, from 1, or 0 when the format has none.</param>
    public void Add(in Detection row, string? entry = null, long line = 0)
    {
        var usable = double.IsFinite(row.Score) && double.IsFinite(row.X) && double.IsFinite(row.Y) && double.IsFinite(row.Width) && double.IsFinite(row.Height);
        if (!usable)
        {
            var (code, what) = double.IsFinite(row.Score) ? (DetectionFlaws.NotFinite, "bbox") : (DetectionFlaws.ScoreUnusable, "score");
            Report(code, row, _rows.Count + _dropped, entry, line, what);
            _dropped++;
            return;
        }

        if (row.Image < 0) Report(DetectionFlaws.UnknownImage, row, _rows.Count + _dropped, entry, line, "no image is named");
        if (row.Class < 0) Report(DetectionFlaws.UnknownClass, row, _rows.Count + _dropped, entry, line, "no class is named");
        if (row.Width < 0 || row.Height < 0)
            Report(DetectionFlaws.NegativeSize, row, _rows.Count + _dropped, entry, line, string.Create(CultureInfo.InvariantCulture, $"{row.Width} x {row.Height}"));
        if (_dropped > 0 && (_lines.Count == 0 || _lines[^1].Line != _dropped)) _lines.Add((_rows.Count, _dropped));
        _rows.Add(row);
    }

    /// <summary>Resolves images and classes and makes the table.</summary>
    public DetectionTable Build(DetectionDataset truth, DetectionReadOptions options, ClassNaming? usualClasses = null)
    {
        var images = new ImageNames(truth, Images);
        var (imageMap, imageSentence) = images.Resolve(options.Images, file);
        var classes = new ClassNames(truth, Classes);
        var (classMap, classSentence) = classes.Resolve(options.Classes, usualClasses, file);
        ReportUnknown(imageMap, classMap);
        _rows.Map(imageMap, classMap);
        return _rows.Build(truth.Images.Count, Flaws.ToList(), $"{imageSentence}; {classSentence}.");
    }

    private void ReportUnknown(int[] imageMap, int[] classMap)
    {
        if (!imageMap.Contains(-1) && !classMap.Contains(-1)) return;
        for (var row = 0; row < _rows.Count; row++)
        {
            var detection = _rows[row];
            if (detection.Image >= 0 && imageMap[detection.Image] < 0) Report(DetectionFlaws.UnknownImage, detection, Position(row), null, 0, "");
            else if (detection.Class >= 0 && classMap[detection.Class] < 0) Report(DetectionFlaws.UnknownClass, detection, Position(row), null, 0, "");
        }
    }

    /// <summary>The row's position in the file, those that were left out included.</summary>
    private long Position(int row)
    {
        var before = 0L;
        foreach (var (from, dropped) in _lines)
        {
            if (from <= row) before = dropped;
        }

        return row + before;
    }

    private void Report(FlawCode code, in Detection row, long position, string? entry, long line, string detail)
        => Flaws.Add(code, (this, row, position, entry, line, detail), static (c, s) => s.Item1.Describe(c, s.row, s.position, s.entry, s.line, s.detail));

    private Flaw Describe(FlawCode code, in Detection row, long position, string? entry, long line, string detail)
    {
        var image = row.Image < 0 ? "no image" : $"image {Images.Display(row.Image)}";
        var @class = row.Class < 0 ? "no class" : $"class {Classes.Display(row.Class)}";
        return new(code, entry ?? file, line, $"detection {position} of {image}, {@class}", detail);
    }
}
