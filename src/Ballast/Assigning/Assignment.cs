using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>The truths of one image: object boxes with their classes, and regions to ignore.</summary>
public sealed class Truths
{
    /// <summary>Object boxes, [M], pixels of the input.</summary>
    public BoxArray Boxes { get; } = new();

    /// <summary>Class of each object, 0..K-1.</summary>
    public List<int> Classes { get; } = [];

    /// <summary>Crowds and ignore regions.</summary>
    public BoxArray Ignored { get; } = new();

    /// <summary>Number of objects, M.</summary>
    public int Count => Boxes.Count;

    /// <summary>Appends an object.</summary>
    public void Add(Box box, int @class)
    {
        Boxes.Add(box);
        Classes.Add(@class);
    }

    /// <summary>Removes everything and keeps the room.</summary>
    public void Clear()
    {
        Boxes.Clear();
        Classes.Clear();
        Ignored.Clear();
    }
}

/// <summary>What an assigner decided, an entry for each candidate; is meant to be used again for the next image.</summary>
public sealed class Assignment
{
    /// <summary>The truth index of a candidate that is background.</summary>
    public const int Background = -1;

    /// <summary>The truth index of a candidate that is left out of training.</summary>
    public const int Ignored = -2;

    private int[] _truths = [];
    private float[] _overlaps = [];
    private float[] _row = [];
    private int[] _bestTruths = [];
    private float[] _tileBest = [];
    private SparseAssignment? _sparse;

    /// <summary>
    /// Whether <see cref="Overlaps"/> are wanted for background too. Without them an assigner may look only at the part of a grid that can hold anything else, which
    /// takes a fraction of the time; what is background, left out or matched comes out the same.
    /// </summary>
    public bool KeepsOverlaps { get; init; } = true;

    /// <summary>Number of candidates, N.</summary>
    public int Count { get; private set; }

    /// <summary>[N]: index of the matched truth, <see cref="Background"/> or <see cref="Ignored"/>.</summary>
    public Span<int> Truths => _truths.AsSpan(0, Count);

    /// <summary>[N]: largest IoU with any truth; without <see cref="KeepsOverlaps"/> it may be 0 for background, and the IoU with the matched truth for objects.</summary>
    public Span<float> Overlaps => _overlaps.AsSpan(0, Count);

    /// <summary>[N]: the workspace for one truth's overlaps.</summary>
    internal Span<float> Row => _row.AsSpan(0, Count);

    /// <summary>[N]: the workspace for each candidate's truth of largest overlap.</summary>
    internal Span<int> BestTruths => _bestTruths.AsSpan(0, Count);

    /// <summary>The workspace of an assigner that visits only windows of a grid.</summary>
    internal SparseAssignment Sparse => _sparse ??= new();

    /// <summary>Makes room for N candidates, all <paramref name="truth"/>, overlap 0.</summary>
    public void Reset(int count, int truth)
    {
        if (_truths.Length < count) Grow(count);
        Count = count;
        Truths.Fill(truth);
        Overlaps.Clear();
    }

    /// <summary>
    /// Adds each truth as a candidate of its own, matched to itself with an IoU of 1, after the others: what a region head does with its proposals, whose boxes the caller
    /// appends in the same order, so that there are objects to learn from before the proposals are any good (mmdetection's add_gt_as_proposals).
    /// </summary>
    public void AppendTruths(Truths truths)
    {
        ArgumentNullException.ThrowIfNull(truths);
        var first = Count;
        if (_truths.Length < first + truths.Count) Grow(first + truths.Count);
        Count = first + truths.Count;
        for (var truth = 0; truth < truths.Count; truth++) (_truths[first + truth], _overlaps[first + truth]) = (truth, 1);
    }

    /// <summary>Leaves out the candidates that reach over the edge of the image by more than a border, as mmdetection's anchor heads do.</summary>
    /// <param name="anchors">The N candidates.</param>
    /// <param name="width">Width of the image without its padding, pixels.</param>
    /// <param name="height">Its height, pixels.</param>
    /// <param name="border">How far they may reach, pixels; right and bottom edges must stay under it.</param>
    public void LeaveOutOutside(AnchorSet anchors, float width, float height, float border)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentOutOfRangeException.ThrowIfNotEqual(anchors.Count, Count, nameof(anchors));
        var boxes = anchors.Boxes;
        for (var i = 0; i < Count; i++)
        {
            var box = boxes[i];
            if (!(box.X1 >= -border && box.Y1 >= -border && box.X2 < width + border && box.Y2 < height + border)) _truths[i] = Ignored;
        }
    }

    /// <summary>The workspace for the largest overlap of every truth with every tile of candidates.</summary>
    internal Span<float> TileBest(int count)
    {
        if (_tileBest.Length < count) _tileBest = new float[count];
        return _tileBest.AsSpan(0, count);
    }

    private void Grow(int count)
    {
        Array.Resize(ref _truths, count);
        Array.Resize(ref _overlaps, count);
        _row = new float[count];
        _bestTruths = new int[count];
    }
}

/// <summary>Decides for each candidate whether it is an object (and which), background, or left out.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MaxIoUAssigner), "max-iou")]
[JsonDerivedType(typeof(ApproxMaxIoUAssigner), "approx-max-iou")]
[JsonDerivedType(typeof(AtssAssigner), "atss")]
[JsonDerivedType(typeof(RegionAssigner), "region")]
public abstract record Assigner
{
    /// <summary>Assigns the candidates of one image.</summary>
    /// <param name="anchors">N candidates.</param>
    /// <param name="truths">M objects and the regions to ignore; without objects everything is background.</param>
    /// <param name="result">Receives N entries.</param>
    public abstract void Assign(AnchorSet anchors, Truths truths, Assignment result);

    /// <summary>Entries that <see cref="Assign"/> makes of candidates: as many, unless several of them stand for one.</summary>
    public virtual int Entries(AnchorSet anchors)
    {
        ArgumentNullException.ThrowIfNull(anchors);
        return anchors.Count;
    }

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">They contradict each other.</exception>
    public virtual void Validate()
    {
    }
}
