using System.Globalization;
using CsvHelper;

namespace Ballast;

/// <summary>Detections as CSV with a header: an image, a class, a score, and a box as x, y, width, height or as two corners, in pixels.</summary>
internal static class DetectionCsv
{
    private static readonly string[] ImageWords = ["image_id", "image", "file_name", "filename", "file", "path", "imageid"];
    private static readonly string[] ClassWords = ["category_id", "class", "class_id", "class_name", "category", "category_name", "label", "name", "labelname"];
    private static readonly string[] ScoreWords = ["score", "confidence", "conf", "probability"];
    private static readonly string[][] LeftWords = [["x", "bbox_x", "left"], ["y", "bbox_y", "top"], ["width", "w", "bbox_w", "bbox_width"], ["height", "h", "bbox_h", "bbox_height"]];
    private static readonly string[][] CornerWords = [["x1", "xmin", "x_min", "left"], ["y1", "ymin", "y_min", "top"], ["x2", "xmax", "x_max", "right"], ["y2", "ymax", "y_max", "bottom"]];

    public static DetectionTable Read(Stream stream, string path, Func<DetectionDataset> truth, DetectionReadOptions options)
    {
        var rows = new RawDetections(path, options.Flaws);
        try
        {
            ReadRows(stream, path, rows, options);
        }
        catch (CsvFormatException e)
        {
            throw new InputException($"'{path}' cannot be read as CSV: {e.Message}", e);
        }

        return rows.Build(truth(), options);
    }

    private static void ReadRows(Stream stream, string path, RawDetections rows, DetectionReadOptions options)
    {
        using var csv = CsvReader.Create(
            stream,
            new CsvReaderOptions { Separator = SeparatorOf(stream), HasHeader = false, TrimWhitespace = true, TrackLineNumbers = true, MissingField = CsvMissingFieldHandling.ReturnEmpty },
            leaveOpen: true);
        if (!csv.Read()) return;
        var columns = Columns.Of(Fields(csv), path);
        while (csv.Read())
        {
            options.Cancellation.ThrowIfCancellationRequested();
            options.Progress?.Report((double)stream.Position / stream.Length);
            rows.Add(columns.Row(Fields(csv), rows), line: csv.LineNumber);
        }
    }

    private static string[] Fields(CsvReader csv) => [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];

    /// <summary>The first of comma, semicolon and tab in the header; the stream is left where it was.</summary>
    private static char SeparatorOf(Stream stream)
    {
        Span<byte> start = stackalloc byte[1024];
        var header = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        var place = header.IndexOfAny(",;\t"u8);
        return place < 0 ? ',' : (char)header[place];
    }

    private sealed record Columns(int Image, int Class, int Score, int[] Box, bool AreCorners)
    {
        public static Columns Of(string[] header, string path)
        {
            var names = Array.ConvertAll(header, name => name.ToLowerInvariant());
            var corners = Array.ConvertAll(CornerWords, words => Find(names, words));
            var sides = Array.ConvertAll(LeftWords, words => Find(names, words));
            var columns = new Columns(Find(names, ImageWords), Find(names, ClassWords), Find(names, ScoreWords), corners.Contains(-1) ? sides : corners, !corners.Contains(-1));
            string?[] missing = [columns.Image < 0 ? "image_id" : null, columns.Class < 0 ? "category_id" : null, columns.Score < 0 ? "score" : null, columns.Box.Contains(-1) ? "x, y, width, height (or x1, y1, x2, y2)" : null];
            return missing.All(word => word is null)
                ? columns
                : throw new InputException($"'{path}' is no table of detections: its first line names no {string.Join(", no ", missing.OfType<string>())}. Give a CSV with a header, or COCO results as JSON.");
        }

        public Detection Row(string[] fields, RawDetections rows)
        {
            var (a, b, c, d) = (Number(fields, Box[0]), Number(fields, Box[1]), Number(fields, Box[2]), Number(fields, Box[3]));
            return new(
                Name(fields, Image, rows.Images),
                Name(fields, Class, rows.Classes),
                a,
                b,
                AreCorners ? c - a : c,
                AreCorners ? d - b : d,
                Number(fields, Score));
        }

        private static int Find(string[] header, string[] words) => words.Select(word => Array.IndexOf(header, word)).FirstOrDefault(place => place >= 0, -1);

        private static double Number(string[] fields, int column)
            => column < fields.Length && double.TryParse(fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

        /// <summary>A field is a number only when it is written as one would be: 000123 is a name.</summary>
        private static int Name(string[] fields, int column, IdNumbering names)
        {
            if (column >= fields.Length || fields[column].Length == 0) return -1;
            var field = fields[column];
            return long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == field
                ? names.Of(number)
                : names.Of(field);
        }
    }
}
