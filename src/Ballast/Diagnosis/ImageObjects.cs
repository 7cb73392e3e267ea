namespace Ballast;

/// <summary>The objects of one image, ready to be counted: classes of all, corners of those whose box can be used, before and after the resize to the input side.</summary>
internal sealed class ImageObjects(AnchorMatches? matches = null)
{
    private Corners[] _corners = new Corners[16];
    private Box[] _resized = new Box[16];
    private int[] _classes = new int[16];
    private int[] _boxes = new int[16];
    private int[] _perClass = [];

    /// <summary>Index of the image.</summary>
    public int Image { get; private set; }

    /// <summary>Width in pixels; 0 when not known.</summary>
    public int Width { get; private set; }

    /// <summary>Height in pixels; 0 when not known.</summary>
    public int Height { get; private set; }

    /// <summary>Size after the resize to the input side, pixels.</summary>
    public (int Width, int Height) Resized { get; private set; }

    /// <summary>Index of the part, or -1.</summary>
    public int Part { get; private set; }

    /// <summary>Number of objects: boxes that are neither crowds nor ignore regions, flawed ones included.</summary>
    public int Objects { get; private set; }

    /// <summary>Number of crowds and ignore regions.</summary>
    public int IgnoredRegions { get; private set; }

    /// <summary>Objects of each class, K counts.</summary>
    public ReadOnlySpan<int> PerClass => _perClass;

    /// <summary>Crowds and ignore regions of each class, in the order of the file.</summary>
    public List<int> IgnoredClasses { get; } = [];

    /// <summary>Classes that occur in the image, ascending.</summary>
    public List<int> Present { get; } = [];

    /// <summary>Number of objects with a known class, a usable box and an image of known size.</summary>
    public int Count { get; private set; }

    /// <summary>Corners in the image's own pixels, clipped to the image, of the usable objects.</summary>
    public ReadOnlySpan<Corners> Corners => _corners.AsSpan(0, Count);

    /// <summary>Boxes after the resize, as training sees them.</summary>
    public ReadOnlySpan<Box> ResizedBoxes => _resized.AsSpan(0, Count);

    /// <summary>Classes of the usable objects.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(0, Count);

    /// <summary>Indices in the data set of the usable objects.</summary>
    public ReadOnlySpan<int> Boxes => _boxes.AsSpan(0, Count);

    /// <summary>The anchors of the image as the detector's assigner takes them; null when anchors are not matched or the size of the image is not known.</summary>
    public AnchorMatches? Matches { get; private set; }

    /// <summary>Reads an image of a data set.</summary>
    public void Load(DetectionDataset data, int image, InputSize input)
    {
        Reset(data, image, input);
        var boxes = data.Boxes;
        var (start, end) = boxes.Of(image);
        for (var box = start; box < end; box++)
        {
            var @class = boxes.Class(box);
            if (boxes.IsIgnored(box))
            {
                IgnoredRegions++;
                if (@class >= 0) IgnoredClasses.Add(@class);
                continue;
            }

            Objects++;
            if (@class < 0) continue;
            if (_perClass[@class]++ == 0) Present.Add(@class);
            AddUsable(data, box, @class);
        }

        Present.Sort();
        Matches = Width > 0 && Height > 0 ? matches : null;
        Matches?.Match(this);
    }

    private void Reset(DetectionDataset data, int image, InputSize input)
    {
        Image = image;
        Width = data.Images.Width(image);
        Height = data.Images.Height(image);
        Part = data.Images.Part(image);
        Resized = data.Images.HasSize(image) ? input.Resize(Width, Height) : default;
        if (_perClass.Length != data.Classes.Count) _perClass = new int[data.Classes.Count];
        foreach (var @class in Present) _perClass[@class] = 0;
        Present.Clear();
        IgnoredClasses.Clear();
        (Objects, IgnoredRegions, Count) = (0, 0, 0);
    }

    private void AddUsable(DetectionDataset data, int box, int @class)
    {
        if (Width <= 0 || Height <= 0) return;
        var corners = data.Boxes.Corners(box, Width, Height);
        if (!corners.IsFinite) return;
        corners = new(Math.Max(corners.X1, 0), Math.Max(corners.Y1, 0), Math.Min(corners.X2, Width), Math.Min(corners.Y2, Height));
        if (!corners.IsValid) return;
        if (Count == _corners.Length) Grow();
        var (scaleX, scaleY) = ((float)Resized.Width / Width, (float)Resized.Height / Height);
        _corners[Count] = corners;
        _resized[Count] = new((float)corners.X1 * scaleX, (float)corners.Y1 * scaleY, (float)corners.X2 * scaleX, (float)corners.Y2 * scaleY);
        _classes[Count] = @class;
        _boxes[Count] = box;
        Count++;
    }

    private void Grow()
    {
        var size = _corners.Length * 2;
        Array.Resize(ref _corners, size);
        Array.Resize(ref _resized, size);
        Array.Resize(ref _classes, size);
        Array.Resize(ref _boxes, size);
    }
}
