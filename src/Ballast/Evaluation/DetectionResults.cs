namespace Ballast;

/// <summary>
/// Reads what detectors write: COCO results (a JSON list), a JSON object that holds such a list as <c>annotations</c>, a CSV with a header, or a folder of YOLO txt files
/// with a confidence in each line. How images and classes are named is found out, said in one sentence (<see cref="DetectionTable.Mapping"/>), and refused when two
/// readings fit.
/// </summary>
public static class DetectionResults
{
    /// <summary>Reads detections for a truth.</summary>
    /// <param name="path">A .json or .csv file, or a folder or .zip of .txt files.</param>
    /// <param name="truth">The data set whose images and classes the file names.</param>
    /// <param name="options">How to read.</param>
    /// <exception cref="InputException">Nothing of the file can be read, two readings of its names fit, or a flaw under the strict policy.</exception>
    public static DetectionTable Read(string path, DetectionDataset truth, DetectionReadOptions? options = null) => Read(path, () => truth, options ?? new());

    /// <summary>Reads detections while the truth is still being read: it is waited for only when names have to be resolved.</summary>
    /// <param name="path">A .json or .csv file, or a folder or .zip of .txt files.</param>
    /// <param name="truth">The data set whose images and classes the file names.</param>
    /// <param name="options">How to read.</param>
    public static DetectionTable Read(string path, Task<DetectionDataset> truth, DetectionReadOptions? options = null)
        => Read(path, () => truth.GetAwaiter().GetResult(), options ?? new());

    private static DetectionTable Read(string path, Func<DetectionDataset> truth, DetectionReadOptions options)
    {
        if (Directory.Exists(path) || Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase)) return DetectionYolo.Read(path, truth(), options);
        if (!File.Exists(path)) throw new InputException($"'{path}' does not exist. Give a JSON or CSV file of detections, or a folder of YOLO txt files.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
        var isJson = IsJson(stream);
        stream.Position = 0;
        return isJson ? DetectionJson.Read(stream, path, truth, options) : DetectionCsv.Read(stream, path, truth, options);
    }

    /// <summary>Whether the first thing in the file is a bracket, or nothing at all and the name says so.</summary>
    private static bool IsJson(FileStream stream)
    {
        Span<byte> start = stackalloc byte[64];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF })) start = start[3..];
        var text = start.TrimStart(" \t\r\n"u8);
        return text.IsEmpty ? Path.GetExtension(stream.Name).Equals(".json", StringComparison.OrdinalIgnoreCase) : text[0] is (byte)'[' or (byte)'{';
    }
}
