namespace Ballast;

/// <summary>
/// Finds places for the names of boxes. Rare classes come first and always get one; names of majority classes only
/// where they cover no other name and little of other boxes, and are not much larger than what they name.
/// </summary>
internal sealed class LabelPlacer(IReadOnlyList<PaintedBox> boxes, PixelRectangle area, PaintStyle style)
{
    /// <summary>With more boxes than this, names of majority classes are left to the legend: they would hide what they name.</summary>
    private const int MostNamedBoxes = 300;
    private const int CoveredLimitPercent = 30;
    private readonly List<PixelRectangle> _taken = [];

    public void Paint(Pixels picture, Lettering lettering)
    {
        foreach (var box in boxes.Reverse())
        {
            if (box.IsMajority && boxes.Count > MostNamedBoxes) continue;
            if (Find(box) is not { } place) continue;
            _taken.Add(place);
            Drawing.Fill(picture, place, box.Colour);
            lettering.Draw(picture, place.Left + 2 * style.Scale, place.Top + 2 * style.Scale, box.Name, style.Scale, PaintStyle.TextOn(box.Colour));
        }
    }

    private PixelRectangle? Find(PaintedBox box)
    {
        var width = Lettering.Measure(box.Name, style.Scale) + 4 * style.Scale;
        if (box.IsMajority && (long)width * style.LabelHeight > 2 * box.Place.Area) return null;
        PixelRectangle? best = null;
        var least = long.MaxValue;
        foreach (var place in Candidates(box.Place, width, style.LabelHeight))
        {
            var cost = Cost(box, place);
            if (cost >= least) continue;
            (best, least) = (place, cost);
        }

        return best is not null && (!box.IsMajority || least <= best.Value.Area * CoveredLimitPercent / 100) ? best : null;
    }

    /// <summary>Above the box, below it, inside its top, at its right and left; moved sideways into the picture.</summary>
    private IEnumerable<PixelRectangle> Candidates(PixelRectangle box, int width, int height)
    {
        var (lineOut, lineIn) = (style.Line / 2, style.Line - style.Line / 2);
        var left = box.Left - lineOut;
        (int Left, int Top)[] corners =
        [
            (left, box.Top - lineOut - height), (left, box.Bottom + lineOut), (box.Right + lineOut - width, box.Top - lineOut - height), (box.Left + lineIn, box.Top + lineIn),
            (box.Right + lineOut, box.Top - lineOut), (left - width, box.Top - lineOut),
        ];
        foreach (var (x, y) in corners)
        {
            var moved = Math.Clamp(x, 0, Math.Max(0, area.Right - width));
            if (y >= 0 && y + height <= area.Bottom) yield return new(moved, y, moved + width, y + height);
        }
    }

    /// <summary>Pixels of other boxes under the label, and much more for pixels of other labels.</summary>
    private long Cost(PaintedBox box, PixelRectangle place)
    {
        var cost = 0L;
        foreach (var taken in _taken) cost += 100 * taken.Intersect(place).Area;
        if (boxes.Count > MostNamedBoxes) return cost;
        foreach (var other in boxes)
        {
            if (!ReferenceEquals(other, box)) cost += other.Place.Intersect(place).Area;
        }

        return cost;
    }
}
