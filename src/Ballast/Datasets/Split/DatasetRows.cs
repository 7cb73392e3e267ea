namespace Ballast;

/// <summary>The columns of some images of a data set.</summary>
internal static class DatasetRows
{
    /// <summary>The images' columns.</summary>
    /// <param name="table">All images.</param>
    /// <param name="images">Those to take, ascending.</param>
    /// <param name="place">Where each class goes, or null when classes stay.</param>
    public static ImageColumns Images(ImageTable table, IReadOnlyList<int> images, int[]? place = null) => new()
    {
        Ids = [.. images.Select(table.Id)],
        TextIds = images.Any(image => table.TextId(image) is not null) ? [.. images.Select(table.TextId)] : null,
        Files = [.. images.Select(table.File)],
        Widths = [.. images.Select(table.Width)],
        Heights = [.. images.Select(table.Height)],
        Parts = table.PartNames.Count > 0 ? [.. images.Select(image => (sbyte)table.Part(image))] : null,
        Groups = table.GroupNames.Count > 0 ? [.. images.Select(table.Group)] : null,
        AbsentClasses = Lists(images, image => table.AbsentClasses(image), place),
        NotExhaustiveClasses = Lists(images, image => table.NotExhaustiveClasses(image), place),
        PartNames = table.PartNames,
        GroupNames = table.GroupNames,
    };

    /// <summary>The boxes' columns, and where the boxes of each image begin.</summary>
    /// <param name="table">All boxes.</param>
    /// <param name="images">The images whose boxes are taken, ascending.</param>
    /// <param name="place">Where each class goes, or null when classes stay.</param>
    public static (BoxColumns Columns, int[] First) Boxes(BoxTable table, IReadOnlyList<int> images, int[]? place = null)
    {
        var first = new int[images.Count + 1];
        for (var i = 0; i < images.Count; i++) first[i + 1] = first[i] + table.CountOf(images[i]);
        var columns = Empty(table, first[^1]);
        var row = 0;
        foreach (var image in images)
        {
            var (start, end) = table.Of(image);
            for (var box = start; box < end; box++, row++) Copy(table, box, columns, row, place);
        }

        return (columns, first);
    }

    private static BoxColumns Empty(BoxTable table, int count) => new()
    {
        Encoding = table.Encoding,
        A = new double[count],
        B = new double[count],
        C = new double[count],
        D = new double[count],
        Classes = new int[count],
        Marks = new BoxMarks[count],
        Ids = table.HasIds ? new long[count] : null,
        Areas = table.HasAreas ? new double[count] : null,
        Segmentations = table.HasSegmentations ? new ByteRange[count] : null,
    };

    private static void Copy(BoxTable table, int box, BoxColumns columns, int row, int[]? place)
    {
        (columns.A[row], columns.B[row], columns.C[row], columns.D[row]) = table.Numbers(box);
        var @class = table.Class(box);
        columns.Classes[row] = place is null || @class < 0 ? @class : place[@class];
        columns.Marks[row] = table.Marks(box);
        if (columns.Ids is { } ids) ids[row] = table.Id(box);
        if (columns.Areas is { } areas) areas[row] = table.Area(box);
        if (columns.Segmentations is { } segmentations) segmentations[row] = table.Segmentation(box);
    }

    private delegate ReadOnlySpan<int> ClassesOf(int image);

    private static int[]?[]? Lists(IReadOnlyList<int> images, ClassesOf of, int[]? place)
    {
        int[]?[]? lists = null;
        for (var i = 0; i < images.Count; i++)
        {
            var own = of(images[i]);
            if (own.Length == 0) continue;
            lists ??= new int[]?[images.Count];
            lists[i] = place is null ? own.ToArray() : [.. own.ToArray().Select(@class => place[@class])];
        }

        return lists;
    }
}
