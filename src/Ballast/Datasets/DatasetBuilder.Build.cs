using System.Runtime.CompilerServices;

namespace Ballast;

internal sealed partial class DatasetBuilder
{
    /// <summary>Makes the data set; the builder is empty afterwards.</summary>
    public DetectionDataset Build(string name, DatasetSource source)
    {
        var widths = _widths.Take(null);
        var heights = _heights.Take(null);
        var order = OrderByImage(widths.Length, out var firstBox, out var unplaced);
        var images = TakeImages(widths, heights);
        var columns = TakeBoxes(order);
        var classes = new ClassTable([.. _classNames], [.. _classIds], [.. _supercategories], _codes.Exists(code => code is not null) ? [.. _codes] : null);
        var kept = GeometryFlaws.Find(columns, firstBox, images, AnnotationFileOf ?? images.File, Flaws);
        if (Flaws.Repairs && kept is not null) (columns, firstBox) = GeometryFlaws.Keep(columns, firstBox, kept);
        return new(name, source, classes, images, new(columns, firstBox), Flaws.ToList(), Flaws.Repairs ? 0 : unplaced);
    }

    /// <summary>A stable counting sort of boxes by image; null when they already stand in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int[]? OrderByImage(int imageCount, out int[] firstBox, out int unplaced)
    {
        firstBox = new int[imageCount + 1];
        unplaced = 0;
        var sorted = true;
        var last = 0;
        for (var i = 0; i < _boxImages.Count; i++)
        {
            var image = _boxImages[i];
            if (image < 0)
            {
                unplaced++;
                sorted = false;
                continue;
            }

            firstBox[image + 1]++;
            sorted &= image >= last;
            last = image;
        }

        for (var i = 0; i < imageCount; i++) firstBox[i + 1] += firstBox[i];
        if (sorted) return null;

        var next = firstBox.AsSpan(0, imageCount).ToArray();
        var order = new int[_boxImages.Count - unplaced];
        for (var i = 0; i < _boxImages.Count; i++)
        {
            var image = _boxImages[i];
            if (image >= 0) order[next[image]++] = i;
        }

        return order;
    }

    private ImageTable TakeImages(int[] widths, int[] heights)
    {
        var count = widths.Length;
        if (_parts.Count > 0) _parts.PadTo(count, ImageTable.NoPart);
        if (_groups.Count > 0) _groups.PadTo(count, -1);
        var partNames = SortParts();
        return new(new ImageColumns
        {
            Ids = _imageIds.Take(null),
            TextIds = Spread(_textIds, count),
            Files = [.. _files],
            Widths = widths,
            Heights = heights,
            Parts = _parts.Count > 0 ? _parts.Take(null) : null,
            Groups = _groups.Count > 0 ? _groups.Take(null) : null,
            AbsentClasses = Spread(_absentClasses, count),
            NotExhaustiveClasses = Spread(_notExhaustiveClasses, count),
            PartNames = partNames,
            GroupNames = [.. _groupNames],
        });
    }

    /// <summary>Puts the parts into the order people expect, train, val, test, then the others as they were met, and renumbers the images' parts.</summary>
    private string[] SortParts()
    {
        var order = Enumerable.Range(0, _partNames.Count).OrderBy(part => PartName.Rank(_partNames[part])).ToArray();
        for (var image = 0; image < _parts.Count; image++)
        {
            if (_parts[image] >= 0) _parts[image] = (sbyte)Array.IndexOf(order, _parts[image]);
        }

        return Array.ConvertAll(order, part => _partNames[part]);
    }

    private BoxColumns TakeBoxes(int[]? order)
    {
        var count = _a.Count;
        if (_ids.Count > 0) _ids.PadTo(count, NoId);
        return new()
        {
            Encoding = encoding,
            A = _a.Take(order),
            B = _b.Take(order),
            C = _c.Take(order),
            D = _d.Take(order),
            Classes = _boxClasses.Take(order),
            Marks = _marks.Take(order),
            Ids = _ids.Count > 0 ? _ids.Take(order) : null,
            Areas = _areas.Count > 0 ? _areas.Take(order) : null,
            Segmentations = _segmentations.Count > 0 ? _segmentations.Take(order) : null,
        };
    }

    private static T?[]? Spread<T>(Dictionary<int, T>? values, int count)
        where T : class
    {
        if (values is null) return null;
        var result = new T?[count];
        foreach (var (index, value) in values) result[index] = value;
        return result;
    }
}
