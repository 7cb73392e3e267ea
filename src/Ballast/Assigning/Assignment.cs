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

    /// <summary>Number of candidates, N.</summary>
    public int Count { get; private set; }

    /// <summary>[N]: index of the matched truth, <see cref="Background"/> or <see cref="Ignored"/>.</summary>
    public Span<int> Truths => _truths.AsSpan(0, Count);

    /// <summary>[N]: largest IoU with any truth.</summary>
    public Span<float> Overlaps => _overlaps.AsSpan(0, Count);

    /// <summary>[N]: the workspace for one truth's overlaps.</summary>
    internal Span<float> Row => _row.AsSpan(0, Count);

    /// <summary>[N]: the workspace for each candidate's truth of largest overlap.</summary>
    internal Span<int> BestTruths => _bestTruths.AsSpan(0, Count);

    /// <summary>Makes room for N candidates, all <paramref name="truth"/>, overlap 0.</summary>
    public void Reset(int count, int truth)
    {
        if (_truths.Length < count)
        {
            _truths = new int[count];
            _overlaps = new float[count];
            _row = new float[count];
            _bestTruths = new int[count];
        }

        Count = count;
        Truths.Fill(truth);
        Overlaps.Clear();
    }
}

/// <summary>Decides for each candidate whether it is an object (and which), background, or left out.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MaxIoUAssigner), "max-iou")]
[JsonDerivedType(typeof(AtssAssigner), "atss")]
public abstract record Assigner
{
    /// <summary>Assigns the candidates of one image.</summary>
    /// <param name="anchors">N candidates.</param>
    /// <param name="truths">M objects and the regions to ignore; without objects everything is background.</param>
    /// <param name="result">Receives N entries.</param>
    public abstract void Assign(AnchorSet anchors, Truths truths, Assignment result);
}
