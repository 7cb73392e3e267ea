using System.Text.Json;

namespace Ballast;

public sealed partial class EvaluationSummary
{
    private const int MostConfusions = 20;

    /// <summary>
    /// Writes the evaluation as JSON: <c>AP, AP50, AP75, APs, APm, APl, AR1, AR10, AR100, ARs, ARm, ARl</c> (undefined: null), the same as <c>coco</c> (undefined: -1),
    /// <c>intervals</c>, <c>classes [{name, AP, AP50, APByIoU, threshold ...}]</c>, <c>lrp</c>, <c>errors</c>, <c>slices</c>, <c>balance</c>, <c>paradox</c>,
    /// <c>calibration</c>, <c>confusions</c>, <c>notes</c>, <c>flaws</c>.
    /// </summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteString("verdict", Verdict);
        foreach (var (name, value) in Evaluation.Overall.Summary) writer.Figure(name, value);
        writer.WriteStartObject("coco");
        foreach (var (name, value) in Evaluation.Overall.Summary) writer.WriteNumber(name, CocoFigures.ToCoco(value));
        writer.WriteEndObject();
        writer.Figures("APByIoU", Evaluation.Overall.APByIoU);
        WriteIntervals(writer, Intervals?.Overall);
        WriteInput(writer);
        WriteClasses(writer);
        WriteLrp(writer, Lrp.Overall, Lrp.Tau);
        WriteErrors(writer);
        WriteSlices(writer);
        WriteMeans(writer);
        WriteCalibration(writer);
        WriteConfusions(writer);
        writer.Texts("notes", Notes);
        WriteFlaws(writer);
        writer.WriteEndObject();
    }

    private void WriteInput(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("truth");
        writer.WriteString("name", Truth.Name);
        writer.WriteString("format", Truth.Source.Format);
        writer.WriteNumber("images", Truth.Images.Count);
        writer.WriteNumber("objects", Evaluation.Classes.Sum(c => c.Objects));
        writer.WriteNumber("classes", Truth.Classes.Count);
        writer.WriteEndObject();
        writer.WriteNumber("detections", Detections.Count);
        writer.WriteString("mapping", Mapping);
        writer.WriteStartObject("options");
        writer.Figures("iou", Options.Evaluation.IoUThresholds);
        writer.WriteStartArray("areas");
        foreach (var range in Options.Evaluation.AreaRanges)
        {
            writer.WriteStartObject();
            writer.WriteString("name", range.Name);
            writer.Figure("low", range.Low);
            writer.Figure("high", range.High);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("areaInput", Options.Evaluation.AreaInput?.ToString());
        writer.WriteStartArray("limits");
        foreach (var limit in Options.Evaluation.DetectionLimits) writer.WriteNumberValue(limit);
        writer.WriteEndArray();
        writer.WriteString("profile", Options.Profile.Name);
        writer.WriteNumber("seed", Options.Seed);
        writer.WriteNumber("replicates", Options.Replicates);
        writer.WriteEndObject();
    }

    private void WriteClasses(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("classes");
        foreach (var each in Evaluation.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", each.Name);
            writer.WriteNumber("id", Truth.Classes.Id(each.Index));
            writer.WriteNumber("objects", each.Objects);
            writer.WriteNumber("images", each.Images);
            writer.WriteNumber("detections", each.Detections);
            writer.WriteString("frequency", Groups.Of[each.Index]?.ToString().ToLowerInvariant());
            foreach (var (name, value) in each.Figures.Summary) writer.Figure(name, value);
            writer.Figures("APByIoU", each.Figures.APByIoU);
            writer.Figure("threshold", Lrp.Classes[each.Index].Threshold);
            WriteLrp(writer, Lrp.Classes[each.Index], Lrp.Tau);
            writer.Figure("calibrationError", Calibration.Classes[each.Index]);
            WriteIntervals(writer, Intervals?.Classes[each.Index]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteIntervals(Utf8JsonWriter writer, PrecisionIntervals? intervals)
    {
        if (intervals is null)
        {
            writer.WriteNull("intervals");
            return;
        }

        writer.WriteStartObject("intervals");
        foreach (var (name, interval) in new[] { ("AP", intervals.AP), ("AP50", intervals.AP50), ("AP75", intervals.AP75) })
        {
            writer.WriteStartObject(name);
            writer.Figure("low", interval.Low);
            writer.Figure("high", interval.High);
            writer.Figure("standardError", interval.StandardError);
            writer.WriteNumber("images", interval.Images);
            writer.WriteNumber("objects", interval.Objects);
            writer.WriteString("method", interval.Method switch { IntervalMethod.Usual => "usual", IntervalMethod.Wider => "wider", _ => "cannot tell" });
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteLrp(Utf8JsonWriter writer, LrpError error, double tau)
    {
        writer.WriteStartObject("lrp");
        writer.WriteNumber("tau", tau);
        writer.Figure("error", error.Error);
        writer.Figure("localization", error.Localization);
        writer.Figure("falseAlarms", error.FalseAlarms);
        writer.Figure("misses", error.Misses);
        writer.WriteEndObject();
    }

    private void WriteErrors(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("errors");
        writer.Figure("AP50", Errors.AP);
        WriteKinds(writer, Errors.Errors);
        writer.Figure("falseAlarmCost", Errors.FalseAlarmCost);
        writer.Figure("missCost", Errors.MissCost);
        writer.WriteStartArray("axes");
        foreach (var axis in Errors.Axes)
        {
            writer.WriteStartObject();
            writer.WriteString("by", NameOf(axis.By));
            writer.WriteStartArray("slices");
            foreach (var slice in axis.Slices)
            {
                writer.WriteStartObject();
                writer.WriteString("name", slice.Name);
                writer.Figure("cost", slice.Cost);
                WriteKinds(writer, slice.Errors);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteKinds(Utf8JsonWriter writer, IEnumerable<ErrorFigure> errors)
    {
        writer.WriteStartArray("kinds");
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", error.Kind.ToString().ToLowerInvariant());
            writer.WriteNumber("count", error.Count);
            writer.Figure("cost", error.Cost);
            writer.Figure("stepCost", error.StepCost);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteSlices(Utf8JsonWriter writer)
    {
        writer.WriteString("groups", Groups.Rule);
        writer.WriteStartArray("slices");
        foreach (var axis in Slices.Axes)
        {
            writer.WriteStartObject();
            writer.WriteString("by", NameOf(axis.By));
            writer.WriteString("reference", axis.Slices[axis.Reference].Name);
            writer.Figure("cost", axis.Cost);
            writer.Figure("costLow", axis.Interval?.Low ?? double.NaN);
            writer.Figure("costHigh", axis.Interval?.High ?? double.NaN);
            writer.WriteStartArray("slices");
            foreach (var slice in axis.Slices)
            {
                writer.WriteStartObject();
                writer.WriteString("name", slice.Name);
                writer.WriteNumber("objects", slice.Objects);
                writer.WriteNumber("classes", slice.Classes);
                writer.Figure("AP", slice.AP);
                writer.Figure("AP50", slice.AP50);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteMeans(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("balance");
        writer.Figure("mean", Balance.Mean);
        writer.Figure("objectWeighted", Balance.ObjectWeighted);
        writer.Figure("groupBalanced", Balance.GroupBalanced);
        writer.Figure("worst", Balance.Worst);
        writer.WriteString("worstClass", Balance.WorstClass < 0 ? null : Truth.Classes[Balance.WorstClass]);
        writer.Figure("worstTenth", Balance.WorstTenth);
        writer.WriteEndObject();
        writer.WriteStartObject("paradox");
        writer.Figure("accuracy", Paradox.Accuracy);
        writer.Figure("balanced", Paradox.Balanced);
        writer.Figure("blind", Paradox.Blind);
        writer.WriteStartArray("classes");
        foreach (var each in Paradox.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", Truth.Classes[each.Index]);
            writer.WriteNumber("images", each.Images);
            writer.Figure("accuracy", each.Accuracy);
            writer.Figure("balanced", each.Balanced);
            writer.Figure("blind", each.Blind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteCalibration(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("calibration");
        writer.Figure("error", Calibration.Error);
        writer.Figure("classMean", Calibration.ClassMean);
        writer.WriteStartArray("bins");
        foreach (var bin in Calibration.Bins)
        {
            writer.WriteStartObject();
            writer.WriteNumber("low", bin.Low);
            writer.WriteNumber("high", bin.High);
            writer.WriteNumber("count", bin.Count);
            writer.Figure("confidence", bin.Confidence);
            writer.Figure("precision", bin.Precision);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteConfusions(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("confusions");
        foreach (var (truth, detected, count) in Confusion.Confused(MostConfusions))
        {
            writer.WriteStartObject();
            writer.WriteString("truth", Truth.Classes[truth]);
            writer.WriteString("detected", Truth.Classes[detected]);
            writer.WriteNumber("count", count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteFlaws(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("flaws");
        foreach (var (of, list) in new[] { ("truth", Truth.Flaws), ("detections", Detections.Flaws) })
        {
            foreach (var (code, count) in list.ByCode)
            {
                writer.WriteStartObject();
                writer.WriteString("of", of);
                writer.WriteString("code", code.Code);
                writer.WriteNumber("count", count);
                writer.WriteString("first", list.Listed.First(flaw => flaw.Code == code).ToString());
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private static string NameOf(EvaluationAxis axis) => axis switch
    {
        EvaluationAxis.ClassFrequency => "class-frequency",
        EvaluationAxis.PyramidLevel => "pyramid-level",
        _ => axis.ToString().ToLowerInvariant(),
    };
}
