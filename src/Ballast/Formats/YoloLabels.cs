using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Ballast;

/// <summary>One row of a label file: the class number as it stands, and the box as centre and size, in fractions of the image.</summary>
internal readonly record struct YoloRow(long Class, double CenterX, double CenterY, double Width, double Height, int Line);

/// <summary>What a label file holds.</summary>
/// <param name="Rows">Its boxes.</param>
/// <param name="Flaws">What is wrong with it.</param>
internal readonly record struct YoloLabel(YoloRow[] Rows, IReadOnlyList<FileFlaw> Flaws)
{
    public static YoloLabel Empty { get; } = new([], []);
}

/// <summary>
/// Parses YOLO label files, one after another: <c>class cx cy w h</c>, with a sixth column a confidence (left out), with seven and more an odd number of
/// columns and a polygon (read as the box around it). Buffers are kept from file to file, so a parser serves one thread.
/// </summary>
/// <param name="keypointColumns">Columns behind the box that hold keypoints; 0 for none.</param>
internal sealed class YoloLabels(int keypointColumns)
{
    private const int BoxColumns = 5;
    private const int MostColumns = 1 << 16;
    private const int ShownText = 40;
    private readonly List<YoloRow> _rows = [];
    private readonly List<FileFlaw> _flaws = [];
    private byte[] _bytes = new byte[1 << 14];
    private double[] _numbers = new double[64];

    /// <summary>Reads a file; a line that cannot be read is a flaw, and so is a file that cannot.</summary>
    public YoloLabel Read(FileTree tree, string path)
    {
        int length;
        try
        {
            length = tree.ReadInto(path, ref _bytes);
        }
        catch (InputException e)
        {
            return new([], [new(FlawCode.FileMalformed, 0, "", e.Message)]);
        }

        return Parse(_bytes.AsSpan(0, length));
    }

    /// <summary>Parses the text of a file.</summary>
    public YoloLabel Parse(ReadOnlySpan<byte> text)
    {
        _rows.Clear();
        _flaws.Clear();
        if (text.StartsWith(Encoding.UTF8.Preamble))
        {
            text = text[Encoding.UTF8.Preamble.Length..];
            _flaws.Add(new(FlawCode.ByteOrderMark, 1, "", ""));
        }

        for (var line = 1; !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            ParseLine(Trim(end < 0 ? text : text[..end]), line);
            text = end < 0 ? default : text[(end + 1)..];
        }

        return _rows.Count + _flaws.Count == 0 ? YoloLabel.Empty : new([.. _rows], _flaws.Count == 0 ? [] : _flaws.ToArray());
    }

    /// <summary>Whether a text file is a label by content: its first line that is not blank starts with a class number and at least four numbers.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="path">The file.</param>
    /// <param name="emptyCounts">Whether an empty file is one, and a file that cannot be read, which is a flaw when its turn comes.</param>
    public static bool LooksLikeLabel(FileTree tree, string path, bool emptyCounts)
    {
        Span<byte> start = stackalloc byte[1024];
        scoped ReadOnlySpan<byte> text;
        try
        {
            using var stream = tree.OpenForward(path);
            text = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is InputException or IOException)
        {
            return emptyCounts;
        }

        var isWhole = text.Length < start.Length;
        if (text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        text = Trim(text);
        if (text.IsEmpty) return emptyCounts;
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        var columns = 0;
        while (NextColumn(ref line, out var column))
        {
            // The last column of a line that was cut off may be half a number.
            if (line.IsEmpty && end < 0 && !isWhole) break;
            if (!double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && !TryCommaNumber(column, out number)) return false;
            if (columns++ == 0 && number != Math.Floor(number)) return false;
        }

        return columns >= BoxColumns;
    }

    private void ParseLine(ReadOnlySpan<byte> line, int number)
    {
        if (line.IsEmpty) return;
        var rest = line;
        var (count, commas) = (0, false);
        while (NextColumn(ref rest, out var column))
        {
            if (count == _numbers.Length && count < MostColumns) Array.Resize(ref _numbers, count * 2);
            if (count == MostColumns || !TryNumber(column, ref commas, out _numbers[count]))
            {
                Refuse(number, $"column {count + 1} is '{Shown(column)}', no number");
                return;
            }

            count++;
        }

        if (commas) _flaws.Add(new(FlawCode.DecimalComma, number, "a row", Shown(line)));
        AddRow(_numbers.AsSpan(0, count), number);
    }

    private void AddRow(ReadOnlySpan<double> columns, int line)
    {
        if (columns.Length < BoxColumns)
        {
            Refuse(line, $"{columns.Length} columns, where {BoxColumns} are expected");
            return;
        }

        if (columns[0] != Math.Floor(columns[0]) || Math.Abs(columns[0]) > 1e15)
        {
            Refuse(line, $"the class is {columns[0]}, no whole number");
            return;
        }

        var @class = (long)columns[0];
        var isBox = columns.Length == BoxColumns || (keypointColumns > 0 && columns.Length == BoxColumns + keypointColumns);
        if (columns.Length == BoxColumns + 1 && !isBox) _flaws.Add(new(FlawCode.ConfidenceColumn, line, "a row", ""));
        if (isBox || columns.Length == BoxColumns + 1) _rows.Add(new(@class, columns[1], columns[2], columns[3], columns[4], line));
        else if (columns.Length % 2 == 1) AddHull(@class, columns[1..], line);
        else Refuse(line, $"{columns.Length} columns: neither a box nor pairs of a polygon");
    }

    private void AddHull(long @class, ReadOnlySpan<double> points, int line)
    {
        var (x1, y1, x2, y2) = (points[0], points[1], points[0], points[1]);
        for (var i = 2; i < points.Length; i += 2)
        {
            (x1, x2) = (Math.Min(x1, points[i]), Math.Max(x2, points[i]));
            (y1, y2) = (Math.Min(y1, points[i + 1]), Math.Max(y2, points[i + 1]));
        }

        _flaws.Add(new(FlawCode.PolygonHull, line, "a row", ""));
        _rows.Add(new(@class, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, line));
    }

    private void Refuse(int line, string why) => _flaws.Add(new(FlawCode.LineMalformed, line, "a row", why));

    private static bool NextColumn(ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> column)
    {
        line = line.TrimStart(" \t\r\v\f"u8);
        var end = line.IndexOfAny(" \t\r\v\f"u8);
        column = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[end..];
        return !column.IsEmpty;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, ref bool commas, out double value)
    {
        if (text.Length <= 3 && Utf8Parser.TryParse(text, out int small, out var used) && used == text.Length)
        {
            value = small;
            return true;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        if (!TryCommaNumber(text, out value)) return false;
        commas = true;
        return true;
    }

    /// <summary>Reads "0,25" as 0.25.</summary>
    private static bool TryCommaNumber(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length > 32 || text.Count((byte)',') != 1 || text.Contains((byte)'.')) return false;
        Span<byte> point = stackalloc byte[32];
        text.Replace(point, (byte)',', (byte)'.');
        return double.TryParse(point[..text.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n\v\f"u8);

    private static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > ShownText ? text[..ShownText] : text);
}
