using System.Numerics;

namespace Ballast;

/// <summary>
/// The boxes that stayed so far, in vertical strips of the image. Two boxes overlap only if one's left edge lies in a strip the other spans, so a box is
/// compared with those that span its first strip and those that begin in its other strips: with each at most once, and with few where boxes are small.
/// </summary>
internal sealed class KeptBoxes(BoxArray boxes)
{
    /// <summary>Boxes for which one more strip pays.</summary>
    private const int BoxesPerStrip = 256;

    private const int MostStrips = 32;

    private readonly List<VectorBoxes> _spanning = [];
    private readonly List<VectorBoxes> _beginning = [];
    private int _strips;
    private float _left;
    private float _scale;

    /// <summary>Keeps the best of some boxes, forgetting all before.</summary>
    /// <param name="order">Sort keys of the boxes, best first.</param>
    /// <param name="threshold">IoU above which the worse of two boxes goes.</param>
    /// <param name="keep">Receives the indices that stay, appended.</param>
    public void Suppress(ReadOnlySpan<ulong> order, float threshold, List<int> keep)
    {
        Begin(order);
        foreach (var key in order)
        {
            var box = boxes[NonMaximumSuppression.Index(key)];
            var (first, last) = (Strip(box.X1), Strip(box.X2));
            if (IsSuppressed(box, first, last, threshold)) continue;
            keep.Add(NonMaximumSuppression.Index(key));
            _beginning[first].Add(box);
            for (var strip = first; strip <= last; strip++) _spanning[strip].Add(box);
        }
    }

    private void Begin(ReadOnlySpan<ulong> order)
    {
        _strips = Math.Clamp(order.Length / BoxesPerStrip, 1, MostStrips);
        var (left, right) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var key in order)
        {
            left = MathF.Min(left, boxes.X1[NonMaximumSuppression.Index(key)]);
            right = MathF.Max(right, boxes.X2[NonMaximumSuppression.Index(key)]);
        }

        _left = left;
        _scale = right > left ? _strips / (right - left) : 0;
        for (var strip = 0; strip < _strips; strip++)
        {
            if (strip == _spanning.Count)
            {
                _spanning.Add(new());
                _beginning.Add(new());
            }

            _spanning[strip].Clear();
            _beginning[strip].Clear();
        }
    }

    /// <summary>The strip of a coordinate; grows with it, which is all that matters.</summary>
    private int Strip(float x)
    {
        var place = (x - _left) * _scale;
        return place >= _strips - 1 ? _strips - 1 : place > 0 ? (int)place : 0;
    }

    private bool IsSuppressed(in Box box, int first, int last, float threshold)
    {
        if (_spanning[first].AnyOver(box, threshold)) return true;
        for (var strip = first + 1; strip <= last; strip++)
        {
            if (_beginning[strip].AnyOver(box, threshold)) return true;
        }

        return false;
    }

    /// <summary>Boxes with their areas, padded to whole vectors by boxes without area, which never suppress.</summary>
    private sealed class VectorBoxes
    {
        private float[] _x1 = new float[Vector<float>.Count];
        private float[] _y1 = new float[Vector<float>.Count];
        private float[] _x2 = new float[Vector<float>.Count];
        private float[] _y2 = new float[Vector<float>.Count];
        private float[] _area = new float[Vector<float>.Count];
        private int _count;

        public void Clear()
        {
            _x1.AsSpan(0, _count).Clear();
            _x2.AsSpan(0, _count).Clear();
            _count = 0;
        }

        public void Add(in Box box)
        {
            if (_count == _x1.Length) Grow();
            (_x1[_count], _y1[_count], _x2[_count], _y2[_count], _area[_count]) = (box.X1, box.Y1, box.X2, box.Y2, box.Area);
            _count++;
        }

        /// <summary>Whether a box of the list overlaps by more than a threshold: inter > threshold x union, without a division.</summary>
        public bool AnyOver(in Box box, float threshold)
        {
            var (x1, y1, x2, y2) = (new Vector<float>(box.X1), new Vector<float>(box.Y1), new Vector<float>(box.X2), new Vector<float>(box.Y2));
            var (area, limit) = (new Vector<float>(box.Area), new Vector<float>(threshold));
            for (var i = 0; i < _count; i += Vector<float>.Count)
            {
                var width = Vector.Max(Vector.Min(new Vector<float>(_x2, i), x2) - Vector.Max(new Vector<float>(_x1, i), x1), Vector<float>.Zero);
                var height = Vector.Max(Vector.Min(new Vector<float>(_y2, i), y2) - Vector.Max(new Vector<float>(_y1, i), y1), Vector<float>.Zero);
                var inter = width * height;
                if (Vector.GreaterThanAny(inter, limit * (new Vector<float>(_area, i) + area - inter))) return true;
            }

            return false;
        }

        private void Grow()
        {
            var size = _x1.Length * 2;
            Array.Resize(ref _x1, size);
            Array.Resize(ref _y1, size);
            Array.Resize(ref _x2, size);
            Array.Resize(ref _y2, size);
            Array.Resize(ref _area, size);
        }
    }
}
