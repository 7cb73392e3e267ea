using System.Globalization;
using System.Text.Json;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary>Box losses in the terminal: a line each, or one with its numbers.</summary>
internal sealed class LossesView(Terminal terminal)
{
    private static readonly double[] Shown = [0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Prints them.</summary>
    /// <param name="losses">What was measured.</param>
    /// <param name="page">Path of the page, or null when none was written.</param>
    /// <param name="each">Whether the numbers of each are wanted.</param>
    public void Write(IReadOnlyList<BoxLossBehavior> losses, string? page, bool each)
    {
        terminal.Lines(losses.Count == 1 ? Words(losses[0]) : Table(losses));
        if (each)
        {
            foreach (var loss in losses) Numbers(loss, named: losses.Count > 1);
        }

        if (terminal.Quiet) return;
        terminal.Line();
        terminal.Lines(terminal.Render(terminal.Text(
            "scale: whether objects of all sizes weigh alike, or only by anchors of their size. apart: what moves a box that does not overlap its object. far, near: how the gradient "
            + "runs from 4 to 8 sides away, and towards the object. joint: whether the coordinates are learned together. All measured on a square of 64 pixels.")));
        if (!each) terminal.Line("Numbers: --loss KIND, --json; figures: -o losses.html");
        if (page is not null) terminal.Line($"figures: {page}");
    }

    /// <summary>Everything that was measured, to six digits, so that machines agree.</summary>
    public static void WriteJson(Stream stream, IReadOnlyList<BoxLossBehavior> losses)
    {
        using var writer = new Utf8JsonWriter(stream, new() { Indented = true });
        writer.WriteStartArray();
        foreach (var loss in losses)
        {
            writer.WriteStartObject();
            writer.WriteString("loss", loss.Name);
            writer.WriteString("scaleInvariant", loss.ScaleInvariant);
            writer.WriteString("pullApart", loss.PullApart);
            writer.WriteString("far", loss.Far);
            writer.WriteString("near", loss.Near);
            writer.WriteBoolean("joint", loss.Joint);
            writer.WriteNumber("centerPullApart", Rounded(loss.CenterPullApart));
            writer.WriteNumber("sizePullApart", Rounded(loss.SizePullApart));
            Points(writer, "byIoU", "iou", loss.ByIoU);
            Points(writer, "bySide", "sidePixels", loss.BySide);
            Points(writer, "bySideEncoded", "sidePixels", loss.BySideEncoded);
            Points(writer, "byOffset", "offsetSides", loss.ByOffset);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Points(Utf8JsonWriter writer, string name, string axis, Values<LossPoint> points)
    {
        writer.WriteStartArray(name);
        foreach (var point in points)
        {
            writer.WriteStartObject();
            writer.WriteNumber(axis, Rounded(point.At));
            writer.WriteNumber("loss", Rounded(point.Value));
            writer.WriteNumber("gradient", Rounded(point.Gradient));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static double Rounded(double value) => Math.Abs(value) < 1e-9 ? 0 : double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private IReadOnlyList<string> Table(IReadOnlyList<BoxLossBehavior> losses)
    {
        var table = new TextTable(terminal, 16, 11, 12, 8, 8, 5);
        table.Add("loss", "scale", "apart", "far", "near", "joint");
        foreach (var loss in losses) table.Add(loss.Name, loss.ScaleInvariant, loss.PullApart, loss.Far, loss.Near, loss.Joint ? "yes" : "no");
        return table.Lines;
    }

    /// <summary>One loss needs no columns, and its name no cut.</summary>
    private IReadOnlyList<string> Words(BoxLossBehavior loss)
    {
        var table = new TextTable(terminal, 16, 12);
        table.Add("scale", loss.ScaleInvariant);
        table.Add("apart", loss.PullApart);
        table.Add("far", loss.Far);
        table.Add("near", loss.Near);
        table.Add("joint", loss.Joint ? "yes" : "no");
        return [loss.Name, .. table.Lines];
    }

    private void Numbers(BoxLossBehavior loss, bool named)
    {
        terminal.Line();
        if (named) terminal.Line(loss.Name);
        Rows("IoU", [.. loss.ByIoU.Where(point => Shown.Contains(point.At))]);
        Rows("side, px", loss.BySide);
        Rows("offset, sides", [.. loss.ByOffset.Where(point => point.At is 0.01 or 0.1 or 0.5 or 2 or 8)]);
    }

    private void Rows(string axis, Values<LossPoint> points)
    {
        var table = new TextTable(terminal, 16, 9, 9, 9, 9, 9);
        table.Add(axis, [.. points.Select(point => Number(point.At))]);
        table.Add("loss", [.. points.Select(point => Number(point.Value))]);
        table.Add("gradient", [.. points.Select(point => Number(point.Gradient))]);
        terminal.Lines(table.Lines);
    }

    private static string Number(double value) => Math.Abs(value) < 1e-9 ? "0" : value.ToString("G4", CultureInfo.InvariantCulture);
}
