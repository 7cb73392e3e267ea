namespace Ballast;

/// <summary>One object of a Pascal VOC file, its corners as they stand.</summary>
/// <param name="Name">Class name; empty when there is none.</param>
/// <param name="X1">xmin, NaN when it is no number.</param>
/// <param name="Y1">ymin.</param>
/// <param name="X2">xmax.</param>
/// <param name="Y2">ymax.</param>
/// <param name="Marks">difficult, truncated, occluded.</param>
internal readonly record struct PascalVocObject(string Name, double X1, double Y1, double X2, double Y2, BoxMarks Marks);

/// <summary>What one Pascal VOC file says.</summary>
internal sealed class PascalVocAnnotation
{
    /// <summary>The image it names, or empty.</summary>
    public string FileName { get; set; } = "";

    /// <summary>Pixels; 0 when missing.</summary>
    public int Width { get; set; }

    /// <summary>Pixels; 0 when missing.</summary>
    public int Height { get; set; }

    /// <summary>The objects, in file order.</summary>
    public IReadOnlyList<PascalVocObject> Objects { get; set; } = [];

    /// <summary>What is wrong with the file.</summary>
    public List<FileFlaw> Flaws { get; } = [];
}
