using System.Runtime.CompilerServices;

namespace Ballast;

/// <summary>Finds what is wrong with boxes whatever the format, and mends it in place under the repair policy.</summary>
internal static class GeometryFlaws
{
    /// <summary>How far over the edge is still rounding: boxes written with six digits may end 1e-6 of the side too late.</summary>
    private const double EdgeTolerance = 1e-3;

    /// <summary>Lists the flaws of all boxes; under the repair policy mends the columns and returns which boxes stay.</summary>
    /// <returns>A keep flag for each box, or null when all stay.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool[]? Find(BoxColumns columns, int[] firstBox, ImageTable images, Func<int, string> fileOf, FlawCollector flaws)
    {
        bool[]? keep = null;
        var seen = new DuplicateFinder(columns);
        for (var image = 0; image < images.Count; image++)
        {
            var (start, end) = (firstBox[image], firstBox[image + 1]);
            for (var box = start; box < end; box++)
            {
                var stays = IsPlain(columns, box, images.Width(image), images.Height(image)) || Check(columns, image, box, images, fileOf, flaws);
                if (stays && seen.IsRepeated(start, box))
                {
                    Add(FlawCode.DuplicateBox, columns, image, box, images, fileOf, flaws, "");
                    stays = false;
                }

                if (!stays && flaws.Repairs) Drop(ref keep, columns.A.Length, box);
            }
        }

        return keep;
    }

    /// <summary>The columns with only the kept boxes.</summary>
    public static (BoxColumns Columns, int[] FirstBox) Keep(BoxColumns columns, int[] firstBox, bool[] keep)
    {
        var order = Enumerable.Range(0, keep.Length).Where(box => keep[box]).ToArray();
        var first = new int[firstBox.Length];
        for (var image = 0; image + 1 < firstBox.Length; image++)
        {
            var kept = 0;
            for (var box = firstBox[image]; box < firstBox[image + 1]; box++) kept += keep[box] ? 1 : 0;
            first[image + 1] = first[image] + kept;
        }

        return (new()
        {
            Encoding = columns.Encoding,
            A = Pick(columns.A, order)!,
            B = Pick(columns.B, order)!,
            C = Pick(columns.C, order)!,
            D = Pick(columns.D, order)!,
            Classes = Pick(columns.Classes, order)!,
            Marks = Pick(columns.Marks, order)!,
            Ids = Pick(columns.Ids, order),
            Areas = Pick(columns.Areas, order),
            Segmentations = Pick(columns.Segmentations, order),
        }, first);
    }

    /// <summary>Whether a box has a class, a size, and lies in its image: nearly all do, and need no closer look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPlain(BoxColumns columns, int box, int width, int height)
    {
        var corners = Corners.Decode(columns.Encoding, columns.A[box], columns.B[box], columns.C[box], columns.D[box], width, height);
        return columns.Classes[box] >= 0 && corners.X1 >= 0 && corners.Y1 >= 0
            && corners.X2 > corners.X1 && corners.Y2 > corners.Y1 && corners.X2 <= width && corners.Y2 <= height;
    }

    /// <summary>Lists the flaws of one box; false when repair drops it.</summary>
    private static bool Check(BoxColumns columns, int image, int box, ImageTable images, Func<int, string> fileOf, FlawCollector flaws)
    {
        var (width, height) = (images.Width(image), images.Height(image));
        var corners = Corners.Decode(columns.Encoding, columns.A[box], columns.B[box], columns.C[box], columns.D[box], Math.Max(width, 1), Math.Max(height, 1));
        var known = columns.Classes[box] >= 0;
        if (!corners.IsFinite)
        {
            Add(FlawCode.BoxNotFinite, columns, image, box, images, fileOf, flaws, "");
            return false;
        }

        if (corners.Width < 0 || corners.Height < 0)
        {
            Add(FlawCode.BoxNegativeSize, columns, image, box, images, fileOf, flaws, "");
            if (!flaws.Repairs) return known;
            corners = new(
                Math.Min(corners.X1, corners.X2), Math.Min(corners.Y1, corners.Y2), Math.Max(corners.X1, corners.X2), Math.Max(corners.Y1, corners.Y2));
            Store(columns, box, corners, width, height);
        }

        if (corners.Width == 0 || corners.Height == 0)
        {
            Add(FlawCode.BoxZeroSize, columns, image, box, images, fileOf, flaws, "");
            return false;
        }

        return CheckEdges(columns, image, box, images, fileOf, flaws, corners) && known;
    }

    private static bool CheckEdges(BoxColumns columns, int image, int box, ImageTable images, Func<int, string> fileOf, FlawCollector flaws, Corners corners)
    {
        if (!images.HasSize(image)) return true;
        var (width, height) = (images.Width(image), images.Height(image));
        if (corners.X1 >= width || corners.Y1 >= height || corners.X2 <= 0 || corners.Y2 <= 0)
        {
            Add(FlawCode.BoxOutsideImage, columns, image, box, images, fileOf, flaws, $"image {width}x{height}");
            return false;
        }

        var (slackX, slackY) = (EdgeTolerance * Math.Max(1, width * 1e-3), EdgeTolerance * Math.Max(1, height * 1e-3));
        if (corners.X1 < -slackX || corners.Y1 < -slackY || corners.X2 > width + slackX || corners.Y2 > height + slackY)
        {
            Add(FlawCode.BoxPastEdge, columns, image, box, images, fileOf, flaws, $"image {width}x{height}");
            if (!flaws.Repairs) return true;
            corners = new(Math.Max(corners.X1, 0), Math.Max(corners.Y1, 0), Math.Min(corners.X2, width), Math.Min(corners.Y2, height));
            Store(columns, box, corners, width, height);
        }

        return true;
    }

    private static void Store(BoxColumns columns, int box, Corners corners, int width, int height)
        => (columns.A[box], columns.B[box], columns.C[box], columns.D[box]) = corners.Encode(columns.Encoding, width, height);

    private static void Add(
        FlawCode code, BoxColumns columns, int image, int box, ImageTable images, Func<int, string> fileOf, FlawCollector flaws, string more)
        => flaws.Add(
            code, (columns, image, box, images, fileOf, more), static (c, s) => Describe(c, s.columns, s.image, s.box, s.images, s.fileOf(s.image), s.more));

    private static Flaw Describe(FlawCode code, BoxColumns columns, int image, int box, ImageTable images, string file, string more)
    {
        var numbers = $"{columns.A[box]:R} {columns.B[box]:R} {columns.C[box]:R} {columns.D[box]:R}";
        var subject = columns.Ids is { } ids && ids[box] != DatasetBuilder.NoId
            ? $"annotation {ids[box]} of image {images.IdText(image)} '{images.File(image)}'"
            : $"box {numbers} of image '{images.File(image)}'";
        var detail = subject.Contains(numbers, StringComparison.Ordinal) ? more : more.Length == 0 ? numbers : $"{numbers}; {more}";
        return new(code, file, 0, subject, detail);
    }

    private static void Drop(ref bool[]? keep, int count, int box)
    {
        if (keep is null)
        {
            keep = new bool[count];
            keep.AsSpan().Fill(true);
        }

        keep[box] = false;
    }

    private static T[]? Pick<T>(T[]? values, int[] order) => values is null ? null : Array.ConvertAll(order, box => values[box]);

    /// <summary>
    /// Tells whether an earlier box of the image is the same: by comparing while there are few, by a hash set of positions when there are many.
    /// </summary>
    private sealed class DuplicateFinder(BoxColumns columns)
    {
        private const int FewBoxes = 64;
        private readonly HashSet<(double, double, double, double, int, BoxMarks)> _seen = [];
        private int _start = -1;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool IsRepeated(int start, int box)
        {
            if (box - start < FewBoxes)
            {
                var (numbers, first) = (columns.A, columns.A[box]);
                for (var other = start; other < box; other++)
                {
                    if (numbers[other] == first && Key(other) == Key(box)) return true;
                }

                return false;
            }

            if (_start != start)
            {
                _start = start;
                _seen.Clear();
                for (var other = start; other < box; other++) _seen.Add(Key(other));
            }

            return !_seen.Add(Key(box));
        }

        private (double, double, double, double, int, BoxMarks) Key(int box)
            => (columns.A[box], columns.B[box], columns.C[box], columns.D[box], columns.Classes[box], columns.Marks[box]);
    }
}
