namespace Ballast;

/// <summary>The objects of one layer as a view shows them: moved with it, cut at the window and the canvas, covered by what lies above.</summary>
internal readonly struct ViewTruths(View view, int index, DetectionDataset data, Func<int, (int Width, int Height)> size)
{
    private const float Covering = 0.5f;

    /// <summary>Of what shows less there is nothing to learn and nothing to keep from being learned.</summary>
    private const double LeastVisible = 0.02;

    private readonly Layer _layer = view.Layers[index];

    /// <summary>Appends what is seen.</summary>
    public void AddTo(Truths truths)
    {
        var (width, height) = size(_layer.Image);
        var window = _layer.Window?.ToBox() ?? new Box(0, 0, width, height);
        var (start, end) = data.Boxes.Of(_layer.Image);
        for (var box = start; box < end; box++)
        {
            var corners = data.Boxes.Corners(box, width, height);
            var whole = new Box((float)corners.X1, (float)corners.Y1, (float)corners.X2, (float)corners.Y2).Clip(width, height);
            if (!whole.IsValid) continue;
            Add(truths, whole, window, data.Boxes.IsIgnored(box) ? BoxTable.UnknownClass : data.Boxes.Class(box), data.Boxes.IsIgnored(box));
        }
    }

    private void Add(Truths truths, in Box whole, in Box window, int @class, bool ignored)
    {
        var inside = new Box(Math.Max(whole.X1, window.X1), Math.Max(whole.Y1, window.Y1), Math.Min(whole.X2, window.X2), Math.Min(whole.Y2, window.Y2));
        if (!inside.IsValid) return;
        var (width, height) = view.Width == 0 ? size(_layer.Image) : (view.Width, view.Height);
        var hull = _layer.Matrix.Map(inside);
        var seen = hull.Clip(width, height);
        if (!seen.IsValid) return;
        var visible = (double)inside.Area / whole.Area * (seen.Area / hull.Area) * (1 - Covered(seen));
        if (visible < LeastVisible) return;
        if (ignored || visible < view.VisibleFraction) truths.Ignored.Add(seen);
        else if (@class >= 0) truths.Add(seen, @class);
    }

    /// <summary>The share of a box that layers above cover; those that overlap each other are counted twice, at most all.</summary>
    private double Covered(in Box box)
    {
        var covered = 0.0;
        for (var above = index + 1; above < view.Layers.Count; above++)
        {
            var layer = view.Layers[above];
            if (layer.Opacity < Covering) continue;
            var (width, height) = size(layer.Image);
            var hull = layer.Matrix.Map(layer.Window?.ToBox() ?? new Box(0, 0, width, height));
            var shared = new Box(Math.Max(box.X1, hull.X1), Math.Max(box.Y1, hull.Y1), Math.Min(box.X2, hull.X2), Math.Min(box.Y2, hull.Y2));
            if (shared.IsValid) covered += shared.Area / box.Area;
        }

        return Math.Min(1, covered);
    }
}
