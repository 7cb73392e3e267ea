using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>COCO results: a list of {image_id, category_id, bbox [x, y, width, height], score}, bare or as <c>annotations</c> of an object.</summary>
internal sealed class DetectionJson
{
    private readonly JsonScanner _scanner;
    private readonly RawDetections _rows;

    private DetectionJson(JsonScanner scanner, RawDetections rows) => (_scanner, _rows) = (scanner, rows);

    public static DetectionTable Read(Stream stream, string path, Func<DetectionDataset> truth, DetectionReadOptions options)
    {
        var rows = new RawDetections(path, options.Flaws);
        var length = stream.Length;
        var scanner = new JsonScanner(stream, path, cancellation: options.Cancellation) { Progress = done => options.Progress?.Report((double)done / length) };
        new DetectionJson(scanner, rows).ReadFile(path);
        return rows.Build(truth(), options);
    }

    private void ReadFile(string path)
    {
        if (_scanner.Peek() == JsonKind.Array) ReadRows();
        else if (!ReadObject()) throw new InputException($"'{path}' holds no detections: neither a list nor an object with 'annotations'. Give COCO results.");
        _scanner.End();
    }

    private bool ReadObject()
    {
        var found = false;
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            if (name.SequenceEqual("annotations"u8) && _scanner.Peek() == JsonKind.Array)
            {
                ReadRows();
                found = true;
            }
            else
            {
                _scanner.Skip();
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRows()
    {
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            if (_scanner.Peek() == JsonKind.Object)
            {
                ReadRow();
                continue;
            }

            _rows.Flaws.Add(FlawCode.LineMalformed, _rows.File, $"a detection at byte {_scanner.Offset}", "not an object");
            _scanner.Skip();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ReadRow()
    {
        var (image, file, @class, className) = (-1, -1, -1, -1);
        var (x, y, width, height, score) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        _scanner.EnterObject();
        while (_scanner.NextProperty(out var name))
        {
            if (name.SequenceEqual("image_id"u8)) image = ReadId(_rows.Images);
            else if (name.SequenceEqual("category_id"u8)) @class = ReadId(_rows.Classes);
            else if (name.SequenceEqual("bbox"u8)) (x, y, width, height) = ReadBox();
            else if (name.SequenceEqual("score"u8)) score = ReadNumber();
            else if (name.SequenceEqual("file_name"u8) && image < 0) file = ReadId(_rows.Images);
            else if (name.SequenceEqual("category_name"u8) && @class < 0) className = ReadId(_rows.Classes);
            else _scanner.Skip();
        }

        _rows.Add(new(image < 0 ? file : image, @class < 0 ? className : @class, x, y, width, height, score));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double X, double Y, double Width, double Height) ReadBox()
    {
        if (_scanner.Peek() != JsonKind.Array)
        {
            _scanner.Skip();
            return (double.NaN, double.NaN, double.NaN, double.NaN);
        }

        var count = 0;
        var (x, y, width, height) = (double.NaN, double.NaN, double.NaN, double.NaN);
        _scanner.EnterArray();
        while (_scanner.NextElement())
        {
            var value = ReadNumber();
            switch (count++)
            {
                case 0: x = value; break;
                case 1: y = value; break;
                case 2: width = value; break;
                case 3: height = value; break;
            }
        }

        return count == 4 ? (x, y, width, height) : (double.NaN, double.NaN, double.NaN, double.NaN);
    }

    private double ReadNumber()
    {
        if (_scanner.Peek() == JsonKind.Number) return _scanner.ReadDouble();
        _scanner.Skip();
        return double.NaN;
    }

    /// <summary>The number of an id; a whole number may be written 7 or 7.0.</summary>
    private int ReadId(IdNumbering names)
    {
        if (_scanner.TryReadInt64(out var id)) return names.Of(id);
        switch (_scanner.Peek())
        {
            case JsonKind.String:
                return names.Of(_scanner.ReadString());
            case JsonKind.Number:
                var value = _scanner.ReadDouble();
                return Math.Abs(value) < 1L << 53 && Math.Truncate(value) == value ? names.Of((long)value) : -1;
            default:
                _scanner.Skip();
                return -1;
        }
    }
}
