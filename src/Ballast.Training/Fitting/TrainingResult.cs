using System.Text.Json;

namespace Ballast.Training;

/// <summary>What a training came to: its last checkpoint measured on validation, never the best, and what it took.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="History">Its telemetry.</param>
/// <param name="Evaluation">The detector on validation.</param>
/// <param name="Thresholds">The least score each class is reported from, chosen on validation.</param>
/// <param name="Detections">What it found, down to the least scores it gives.</param>
/// <param name="Recipe">How it was trained.</param>
/// <param name="PeakMiB">The most memory the process has held, MiB.</param>
public sealed record TrainingResult(
    string Folder, RunHistory History, EvaluationSummary Evaluation, ScoreThresholds Thresholds, DetectionTable Detections, TrainingRecipe Recipe, double PeakMiB)
{
    /// <summary>AP over IoU 0.50 to 0.95, mean over classes.</summary>
    public double AP => Evaluation.Evaluation.Overall.AP;

    /// <summary>AP at IoU 0.50, mean over classes.</summary>
    public double AP50 => Evaluation.Evaluation.Overall.AP50;

    /// <summary>Seconds of all steps and validations, those before a resume too.</summary>
    public double Seconds => History.Steps.Sum(step => step.Seconds) + History.Epochs.Sum(epoch => epoch.Seconds);

    /// <summary>Writes it as JSON for programs: <c>AP</c>, <c>AP50</c>, <c>classes</c>, <c>seconds</c>, <c>secondsPerStep</c>, <c>peakMiB</c> last.</summary>
    /// <param name="writer">In an array or at the start.</param>
    public void Write(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("run", Folder);
        writer.WriteNumber("epochs", Recipe.Training.Epochs);
        writer.WriteNumber("steps", History.Steps.Count);
        writer.WriteNumber("seed", Recipe.Training.Seed);
        writer.Figure("AP", AP);
        writer.Figure("AP50", AP50);
        writer.WriteStartArray("classes");
        foreach (var each in Evaluation.Evaluation.Classes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", each.Name);
            writer.WriteNumber("objects", each.Objects);
            writer.Figure("AP", each.Figures.AP);
            writer.Figure("AP50", each.Figures.AP50);
            writer.Figure("threshold", Thresholds.Scores[each.Index]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Figure("seconds", Seconds);
        writer.Figure("secondsPerStep", History.SecondsPerStep);
        writer.Figure("peakMiB", PeakMiB);
        writer.WriteEndObject();
    }

    /// <summary>The same into a stream.</summary>
    public void WriteJson(Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        Write(writer);
    }
}
