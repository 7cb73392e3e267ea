using System.Globalization;
using System.Xml;

namespace Ballast;

/// <summary>
/// Parses Pascal VOC files, one after another: buffers and names are kept from file to file, so a parser serves one thread. There are no document types,
/// no external entities and no resolver; an element is read only where the format has it, so a part's box is never taken for its object's.
/// </summary>
internal sealed class PascalVocParser
{
    private const int LongestText = 1 << 16;
    private readonly XmlReaderSettings _settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        NameTable = new NameTable(),
    };

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _namesBySpan;
    private readonly List<PascalVocObject> _objects = [];
    private char[] _text = new char[256];
    private byte[] _bytes = new byte[1 << 14];

    public PascalVocParser() => _namesBySpan = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Reads a file. What cannot be read is a flaw in the result; nothing is thrown for what the file holds.</summary>
    public PascalVocAnnotation Read(FileTree tree, string path)
    {
        var result = new PascalVocAnnotation();
        _objects.Clear();
        try
        {
            var length = tree.ReadInto(path, ref _bytes);
            using var reader = XmlReader.Create(new MemoryStream(_bytes, 0, length, writable: false), _settings);
            ReadAnnotation(reader, result);
        }
        catch (XmlException e)
        {
            result.Flaws.Add(new(FlawCode.FileMalformed, e.LineNumber, "", e.Message));
        }
        catch (Exception e) when (e is InputException or ArgumentException or NotSupportedException)
        {
            result.Flaws.Add(new(FlawCode.FileMalformed, 0, "", e.Message));
        }

        result.Objects = _objects.ToArray();
        return result;
    }

    /// <summary>Whether a file's root element is VOC's: <c>annotation</c>.</summary>
    public bool IsAnnotation(FileTree tree, string path)
    {
        try
        {
            using var stream = tree.OpenForward(path);
            using var reader = XmlReader.Create(stream, _settings);
            return reader.MoveToContent() == XmlNodeType.Element && reader.LocalName == "annotation";
        }
        catch (Exception e) when (e is XmlException or InputException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private void ReadAnnotation(XmlReader reader, PascalVocAnnotation result)
    {
        reader.MoveToContent();
        if (reader.LocalName != "annotation")
        {
            result.Flaws.Add(new(FlawCode.FileMalformed, LineOf(reader), "", $"the root element is <{reader.LocalName}>, not <annotation>"));
            return;
        }

        while (NextChild(reader, 0))
        {
            switch (reader.LocalName)
            {
                case "filename":
                    result.FileName = Text(reader).ToString();
                    break;
                case "size":
                    ReadSize(reader, result);
                    break;
                case "object":
                    ReadObject(reader, result);
                    break;
            }
        }
    }

    private void ReadSize(XmlReader reader, PascalVocAnnotation result)
    {
        if (reader.IsEmptyElement) return;
        var depth = reader.Depth;
        while (NextChild(reader, depth))
        {
            if (reader.LocalName == "width") result.Width = Pixels(Text(reader));
            else if (reader.LocalName == "height") result.Height = Pixels(Text(reader));
        }
    }

    private void ReadObject(XmlReader reader, PascalVocAnnotation result)
    {
        var (line, name, marks) = (LineOf(reader), "", BoxMarks.None);
        (double X1, double Y1, double X2, double Y2)? corners = null;
        var depth = reader.Depth;
        var hasChildren = !reader.IsEmptyElement;
        while (hasChildren && NextChild(reader, depth))
        {
            switch (reader.LocalName)
            {
                case "name":
                    name = Name(Text(reader));
                    break;
                case "difficult":
                    marks |= Flag(reader, BoxMarks.Difficult, result);
                    break;
                case "truncated":
                    marks |= Flag(reader, BoxMarks.Truncated, result);
                    break;
                case "occluded":
                    marks |= Flag(reader, BoxMarks.Occluded, result);
                    break;
                case "bndbox" when corners is null:
                    corners = ReadCorners(reader, result);
                    break;
            }
        }

        if (corners is { } box) _objects.Add(new(name, box.X1, box.Y1, box.X2, box.Y2, marks));
        else result.Flaws.Add(new(FlawCode.LineMalformed, line, $"object '{name}'", "it has no bndbox"));
    }

    private (double X1, double Y1, double X2, double Y2) ReadCorners(XmlReader reader, PascalVocAnnotation result)
    {
        var (x1, y1, x2, y2) = (double.NaN, double.NaN, double.NaN, double.NaN);
        if (reader.IsEmptyElement) return (x1, y1, x2, y2);
        var depth = reader.Depth;
        while (NextChild(reader, depth))
        {
            switch (reader.LocalName)
            {
                case "xmin":
                    x1 = Number(reader, result);
                    break;
                case "ymin":
                    y1 = Number(reader, result);
                    break;
                case "xmax":
                    x2 = Number(reader, result);
                    break;
                case "ymax":
                    y2 = Number(reader, result);
                    break;
            }
        }

        return (x1, y1, x2, y2);
    }

    /// <summary>Moves to the next element inside the one at a depth; false at its end.</summary>
    private static bool NextChild(XmlReader reader, int depth)
    {
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1) return true;
        }

        return false;
    }

    /// <summary>The text of the element, trimmed; the reader stands on its end afterwards.</summary>
    private ReadOnlySpan<char> Text(XmlReader reader)
    {
        if (reader.IsEmptyElement) return default;
        var (depth, length) = (reader.Depth, 0);
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.Depth != depth + 1 || reader.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA)) continue;
            int read;
            while (length < LongestText && (read = reader.ReadValueChunk(_text, length, _text.Length - length)) > 0)
            {
                length += read;
                if (length == _text.Length) Array.Resize(ref _text, length * 2);
            }
        }

        return _text.AsSpan(0, length).Trim();
    }

    private string Name(ReadOnlySpan<char> text)
    {
        if (_namesBySpan.TryGetValue(text, out var name)) return name;
        return _names[name = text.ToString()] = name;
    }

    private double Number(XmlReader reader, PascalVocAnnotation result)
    {
        var line = LineOf(reader);
        var text = Text(reader);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        if (text.Count(',') != 1 || !double.TryParse(text.ToString().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return double.NaN;
        result.Flaws.Add(new(FlawCode.DecimalComma, line, "a coordinate", text.ToString()));
        return value;
    }

    private BoxMarks Flag(XmlReader reader, BoxMarks mark, PascalVocAnnotation result)
    {
        var (line, name) = (LineOf(reader), reader.LocalName);
        var text = Text(reader);
        if (text.IsEmpty) result.Flaws.Add(new(FlawCode.FlagEmpty, line, name, ""));
        return text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase) ? mark : BoxMarks.None;
    }

    private static int Pixels(ReadOnlySpan<char> text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= int.MaxValue ? (int)value : 0;

    private static int LineOf(XmlReader reader) => ((IXmlLineInfo)reader).LineNumber;
}
