using System.Globalization;
using System.Text;
using CsvHelper;

namespace Ballast;

/// <summary>The current row of a CSV file, its columns by name. Nothing is allocated for a row whose image and class were met before.</summary>
internal sealed class OpenImagesRow
{
    private const int LongestNumber = 64;
    private readonly CsvReader _csv;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly FlawCollector _flaws;
    private char[] _text = new char[64];
    private int _commas;
    private int _emptyFlags;

    /// <summary>Takes the columns from the row the reader stands on.</summary>
    public OpenImagesRow(CsvReader csv, OpenImagesFile file, string name, FlawCollector flaws)
    {
        (_csv, File, Name, _flaws) = (csv, file, name, flaws);
        for (var i = 0; i < csv.FieldCount; i++) _columns.TryAdd(csv.GetString(i), i);
    }

    public OpenImagesFile File { get; }

    /// <summary>The file as a person would find it.</summary>
    public string Name { get; }

    /// <summary>Line in the file.</summary>
    public long Line => _csv.LineNumber;

    /// <summary>The number of a column, or -1 when the file has none of the name.</summary>
    public int Column(string name) => _columns.GetValueOrDefault(name, -1);

    /// <summary>A field, valid until the next one is asked for; empty when the row has no such column.</summary>
    public ReadOnlySpan<char> Text(int column)
    {
        var bytes = Bytes(column);
        if (bytes.Length > _text.Length) _text = new char[bytes.Length * 2];
        return _text.AsSpan(0, Encoding.UTF8.GetChars(bytes, _text));
    }

    /// <summary>A number, with a decimal point or comma; NaN when it is none.</summary>
    public double Number(int column)
    {
        var text = Bytes(column);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        if (text.Length > LongestNumber || text.Count((byte)',') != 1) return double.NaN;
        Span<byte> point = stackalloc byte[LongestNumber];
        text.Replace(point, (byte)',', (byte)'.');
        if (!double.TryParse(point[..text.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return double.NaN;
        _commas++;
        return value;
    }

    /// <summary>A flag: 1 is set; 0 and -1 (unknown) are not, nor is an empty one.</summary>
    public BoxMarks Flag(int column, BoxMarks mark)
    {
        if (column < 0) return BoxMarks.None;
        var text = Bytes(column);
        if (text.IsEmpty) _emptyFlags++;
        return text is [(byte)'1'] || Ascii.EqualsIgnoreCase(text, "true") ? mark : BoxMarks.None;
    }

    /// <summary>Reports, once a row, what its numbers and flags were like.</summary>
    public void ReportAsRead(string image)
    {
        if (_commas > 0) _flaws.Add(FlawCode.DecimalComma, (this, image, _commas), Describe);
        if (_emptyFlags > 0) _flaws.Add(FlawCode.FlagEmpty, (this, image, _emptyFlags), Describe);
        (_commas, _emptyFlags) = (0, 0);

        static Flaw Describe(FlawCode code, (OpenImagesRow Row, string Image, int Fields) s)
            => new(code, s.Row.Name, s.Row.Line, $"a box of image '{s.Image}'", $"{s.Fields} fields");
    }

    private ReadOnlySpan<byte> Bytes(int column) => column < 0 || column >= _csv.FieldCount ? default : _csv.GetSpan(column);
}
