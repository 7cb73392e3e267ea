using System.Globalization;

namespace Ballast.Training;

/// <summary>The page of <c>ballast losses</c>: the article's figure 11 for every loss, and how losses and their gradients run with IoU and offset.</summary>
public static class BoxLossReport
{
    private const double Overlap = 0.5;
    private const double Side = 64;
    private const int OnOneChart = 6;

    /// <summary>Writes the page: whole, or not at all.</summary>
    /// <param name="losses">What was measured.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Save(IReadOnlyList<BoxLossBehavior> losses, string path) => ReportPage.Write(ToReport(losses), path);

    internal static ReportData ToReport(IReadOnlyList<BoxLossBehavior> losses)
    {
        Finding[] findings = [EqualOverlap(losses), Behavior(losses), Curves(losses)];
        return new()
        {
            Title = losses.Count == 1 ? $"the box loss {losses[0].Name}" : "box losses",
            Kind = "losses",
            Summary = losses.Count == 1
                ? $"The box loss {losses[0].Name} by itself: what boxes of one IoU cost, and what they teach."
                : $"{losses.Count} box losses beside each other: what boxes of one IoU cost, and what they teach.",
            Datasets = [],
            Findings = findings,
            Tiles = [],
            Unjudged = [.. findings.Select(finding => finding.Id)],
            First = [],
            Method =
            [
                new("values and gradients", "the tensors that training uses, in double precision; gradients by the encoded deltas dx, dy, dw, dh"),
                new("object", $"a square of {Side} pixels with its anchor upon it; log-variances 0 where a loss has them; each prediction alone where a loss weighs by its neighbours"),
                new("curves over IoU", "the mean over a shift, a diagonal shift, a larger and a smaller box"),
            ],
        };
    }

    private static Finding EqualOverlap(IReadOnlyList<BoxLossBehavior> losses)
    {
        var ways = BoxLossBehavior.Ways(Overlap, Side, Side);
        double[][] values = [.. losses.Select(loss => BoxLossBehavior.AtOverlap(loss.Loss, Overlap, Side, Side))];
        string[] names = [.. ways.Select(way => way.Name)];
        var spreads = values.Select(row => row.Max() / row.Min()).ToArray();
        return new()
        {
            Id = "equal-iou",
            Family = "spatial",
            Subject = "boxes of equal IoU",
            Verdict = Verdict.CannotTell,
            Headline = $"{ways.Count} boxes of IoU {Number(Overlap)} {Differ(losses, spreads)}",
            Meaning = "The article's figure 11: all boxes have the same IoU with the object, so the metric takes them for equally good, while norm losses do not.",
            Figures =
            [
                Outlines(ways),
                new HeatFigure
                {
                    Title = "Loss of each box, divided by the mean of its row: 1 where the loss agrees with IoU",
                    Columns = names,
                    Rows = [.. losses.Select(loss => loss.Name)],
                    Values = [.. values.Select(row => (IReadOnlyList<double>)[.. row.Select(value => value / row.Average())])],
                    AroundOne = true,
                },
            ],
            Tables =
            [
                new("Loss of each box", ["loss", .. names, "largest : smallest"],
                    [.. losses.Select((loss, i) => (IReadOnlyList<string>)[loss.Name, .. values[i].Select(Number), Number(spreads[i])])]),
            ],
        };
    }

    /// <summary>How far the values of one IoU lie apart: under the only loss, or under the worst and the best of several.</summary>
    private static string Differ(IReadOnlyList<BoxLossBehavior> losses, double[] spreads)
    {
        var (most, least) = (Array.IndexOf(spreads, spreads.Max()), Array.IndexOf(spreads, spreads.Min()));
        var names = losses.Count == 1 ? losses[0].Name : $"each of {losses.Count} losses";
        if (Number(spreads[most]) == Number(1)) return $"cost the same under {names}";
        if (Number(spreads[most]) == Number(spreads[least])) return $"differ by a factor of {Number(spreads[most])} under {names}";
        return $"differ by a factor of {Number(spreads[most])} under {losses[most].Name}, of {Number(spreads[least])} under {losses[least].Name}";
    }

    /// <summary>Each box as a line around it.</summary>
    private static CurveFigure Outlines(IReadOnlyList<(string Name, PredictedBox Box)> ways) => new()
    {
        Title = $"One object and {ways.Count} boxes that overlap it by IoU {Number(Overlap)}",
        XLabel = "x, pixels",
        YLabel = "y, pixels",
        X = [],
        Series = [Outline("object", ways[0].Box.Truth), .. ways.Select(way => Outline(way.Name, way.Box.Prediction))],
    };

    private static Series Outline(string name, Corners box) => new(name, [box.Y1, box.Y1, box.Y2, box.Y2, box.Y1]) { X = [box.X1, box.X2, box.X2, box.X1, box.X1] };

    private static Finding Behavior(IReadOnlyList<BoxLossBehavior> losses) => new()
    {
        Id = "behaviour",
        Family = "spatial",
        Subject = "behaviour",
        Verdict = Verdict.CannotTell,
        Headline = losses.Count == 1
            ? $"{losses[0].Name} {Sizes(losses[0])} and {Apart(losses[0])}"
            : $"{losses.Count(loss => loss.ScaleInvariant == "yes")} of {losses.Count} losses weigh objects of all sizes alike, {losses.Count(loss => loss.PullApart == "none")} teach nothing to boxes apart",
        Meaning = "Scale: whether objects of all sizes weigh alike, or only if their anchors have their size. Apart: what moves a box that does not overlap its object. Far and near: how the gradient runs from 4 to 8 sides away, and towards the object. Joint: whether the coordinates are learned together.",
        Tables =
        [
            new("Behaviour, measured", ["loss", "scale-invariant", "apart", "far", "near", "joint", "loss at IoU 0.5", "gradient at IoU 0.5", "at IoU 0.9"],
                [.. losses.Select(loss => (IReadOnlyList<string>)
                [
                    loss.Name, loss.ScaleInvariant, loss.PullApart, loss.Far, loss.Near, loss.Joint ? "yes" : "no",
                    Number(loss.ByIoU[9].Value), Number(loss.ByIoU[9].Gradient), Number(loss.ByIoU[^2].Gradient),
                ])]),
        ],
    };

    private static string Sizes(BoxLossBehavior loss) => loss.ScaleInvariant switch
    {
        "yes" => "weighs objects of all sizes alike",
        "no" => "weighs objects by their size",
        _ => "weighs objects of all sizes alike where anchors have their size",
    };

    private static string Apart(BoxLossBehavior loss) => loss.PullApart switch
    {
        "none" => "teaches nothing to boxes apart",
        "centre" => "moves boxes apart without resizing them",
        "size" => "resizes boxes apart without moving them",
        _ => "moves and resizes boxes apart",
    };

    private static Finding Curves(IReadOnlyList<BoxLossBehavior> losses)
    {
        var groups = losses.GroupBy(loss => loss.Loss.OnCorners).SelectMany(group => group.Chunk(OnOneChart)).ToArray();
        return new()
        {
            Id = "curves",
            Family = "spatial",
            Subject = "values and gradients",
            Verdict = Verdict.CannotTell,
            Headline = losses.Count == 1
                ? "How the loss and its gradient run with IoU, and with the distance from the object"
                : "How losses and their gradients run with IoU, and with the distance from the object",
            Meaning = losses.Count == 1
                ? "The loss and its gradient are divided by their own at IoU 0.5; over the offset, the gradient is as it is."
                : "Losses have different units, so each is divided by its value (or gradient) at IoU 0.5; over the offset, gradients are as they are.",
            Figures =
            [
                .. groups.Select(group => OverIoU("Loss over IoU", "loss / loss at IoU 0.5", group, point => point.Value, "value")),
                .. groups.Select(group => OverIoU("Length of the gradient over IoU", "gradient / gradient at IoU 0.5", group, point => point.Gradient, "gradient")),
                .. groups.Select(OverOffset),
            ],
        };
    }

    private static CurveFigure OverIoU(string title, string label, BoxLossBehavior[] losses, Func<LossPoint, double> of, string group) => new()
    {
        Title = $"{title}: {Named(losses)}",
        XLabel = "IoU with the object",
        YLabel = label,
        X = [.. BoxLossBehavior.Overlaps],
        Series = [.. losses.Select(loss => new Series(loss.Name, [.. loss.ByIoU.Select(point => of(point) / of(loss.ByIoU[9]))]))],
        Multiples = group,
    };

    private static CurveFigure OverOffset(BoxLossBehavior[] losses) => new()
    {
        Title = $"Gradient over the offset: {Named(losses)}",
        XLabel = "offset to the right, sides of the object",
        YLabel = "length of the gradient",
        X = [.. BoxLossBehavior.Offsets],
        Series = [.. losses.Select(loss => new Series(loss.Name, [.. loss.ByOffset.Select(point => point.Gradient > 1e-6 ? point.Gradient : double.NaN)]))],
        LogX = true,
        LogY = true,
        Multiples = "offset",
    };

    private static string Named(BoxLossBehavior[] losses) => string.Join(", ", losses.Select(loss => loss.Name));

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.00#", CultureInfo.InvariantCulture);
}
