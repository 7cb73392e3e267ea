namespace Ballast;

/// <summary>How a truth takes part in matching.</summary>
internal enum TruthKind : byte
{
    /// <summary>An object to be found.</summary>
    Object,

    /// <summary>An object that is left out (difficult): one detection may match it and is then neither right nor wrong.</summary>
    LeftOut,

    /// <summary>A crowd or ignore region: any number of detections may lie in it; overlap is the share of the detection that lies inside.</summary>
    Region,
}

/// <summary>
/// The truths of a data set, class after class and inside a class image after image (in the order of image ids, as pycocotools walks them; file order inside an
/// image). A truth without a place or without a known class is in none.
/// </summary>
internal sealed class ClassTruths
{
    private ClassTruths(int classes, int count)
    {
        First = new int[classes + 1];
        Boxes = new int[count];
        Images = new int[count];
        Kinds = new TruthKind[count];
        X = new double[count];
        Y = new double[count];
        Width = new double[count];
        Height = new double[count];
    }

    /// <summary>First truth of each class; K + 1 values.</summary>
    public int[] First { get; }

    /// <summary>Index of each in the data set's boxes.</summary>
    public int[] Boxes { get; }

    /// <summary>Image of each.</summary>
    public int[] Images { get; }

    public TruthKind[] Kinds { get; }

    public double[] X { get; }

    public double[] Y { get; }

    public double[] Width { get; }

    public double[] Height { get; }

    /// <summary>Truths whose box has a number that is not finite: nothing can be said about them.</summary>
    public int WithoutPlace { get; private set; }

    /// <summary>Truths of a class that the data set does not define.</summary>
    public int OfUnknownClass { get; private set; }

    /// <summary>Sorts the truths of a data set by class.</summary>
    /// <param name="truth">The data set.</param>
    /// <param name="imageOrder">The order images are walked in.</param>
    /// <param name="leftOut">Marks that leave a truth out.</param>
    public static ClassTruths Of(DetectionDataset truth, ReadOnlySpan<int> imageOrder, BoxMarks leftOut)
    {
        var boxes = truth.Boxes;
        var first = new int[truth.Classes.Count + 1];
        var (withoutPlace, unknown) = (0, 0);
        for (var image = 0; image < truth.Images.Count; image++)
        {
            var (start, end) = boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                if (boxes.Class(box) < 0) unknown++;
                else if (!Place(truth, image, box).IsFinite) withoutPlace++;
                else first[boxes.Class(box) + 1]++;
            }
        }

        for (var k = 0; k + 1 < first.Length; k++) first[k + 1] += first[k];
        var result = new ClassTruths(truth.Classes.Count, first[^1]) { WithoutPlace = withoutPlace, OfUnknownClass = unknown };
        first.CopyTo(result.First, 0);
        foreach (var image in imageOrder)
        {
            var (start, end) = boxes.Of(image);
            for (var box = start; box < end; box++)
            {
                var place = Place(truth, image, box);
                if (boxes.Class(box) >= 0 && place.IsFinite) result.Set(first[boxes.Class(box)]++, image, box, place, KindOf(boxes.Marks(box) & leftOut));
            }
        }

        return result;
    }

    /// <summary>x, y, width and height of a truth: the file's own numbers where it writes them so.</summary>
    public static TruthPlace Place(DetectionDataset truth, int image, int box)
    {
        if (truth.Boxes.Encoding == BoxEncoding.CornerSize)
        {
            var (x, y, width, height) = truth.Boxes.Numbers(box);
            return new(x, y, width, height);
        }

        var corners = truth.Corners(image, box);
        return new(corners.X1, corners.Y1, corners.Width, corners.Height);
    }

    public static TruthKind KindOf(BoxMarks leftOut)
        => leftOut == 0 ? TruthKind.Object : (leftOut & (BoxMarks.Crowd | BoxMarks.Ignore)) != 0 ? TruthKind.Region : TruthKind.LeftOut;

    private void Set(int at, int image, int box, TruthPlace place, TruthKind kind)
    {
        Boxes[at] = box;
        Images[at] = image;
        Kinds[at] = kind;
        (X[at], Y[at], Width[at], Height[at]) = place;
    }
}

/// <summary>A truth's box as x, y, width, height.</summary>
internal readonly record struct TruthPlace(double X, double Y, double Width, double Height)
{
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y) && double.IsFinite(Width) && double.IsFinite(Height);
}
