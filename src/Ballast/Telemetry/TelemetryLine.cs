using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>
/// A line of <c>telemetry.jsonl</c>: what was seen while a detector was trained. Each kind is a record of its own and its own JSON form; whoever measures more adds a kind.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StepLine), "step")]
[JsonDerivedType(typeof(EpochLine), "epoch")]
[JsonDerivedType(typeof(ProbeLine), "probe")]
[JsonDerivedType(typeof(RecallLine), "recall")]
public abstract record TelemetryLine
{
    /// <summary>Steps that were done when it was written, from 1.</summary>
    public required long Step { get; init; }
}

/// <summary>One loss of one stage at a step.</summary>
/// <param name="Stage">The stage: "head", "rpn", "roi" ...</param>
/// <param name="Box">Whether it is the loss of where objects are; otherwise of what they are.</param>
/// <param name="Value">The loss, reduced and without its weight.</param>
/// <param name="Weight">What it is multiplied by in the sum.</param>
public sealed record TermValue(string Stage, bool Box, double Value, double Weight)
{
    /// <summary>Its name for people: "head classes".</summary>
    [JsonIgnore]
    public string Name => $"{Stage} {(Box ? "boxes" : "classes")}";

    /// <summary>What it adds to the sum.</summary>
    [JsonIgnore]
    public double Weighted => Value * Weight;
}

/// <summary>One step.</summary>
public sealed record StepLine : TelemetryLine
{
    /// <summary>The sum that was minimised.</summary>
    public required double Loss { get; init; }

    /// <summary>Its terms.</summary>
    public required Values<TermValue> Terms { get; init; }

    /// <summary>The learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>L2 norm of all gradients together, before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>How long the step took, the wait for its images included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Number of images.</summary>
    public required int Images { get; init; }
}

/// <summary>The detector after an epoch, measured on validation.</summary>
public sealed record EpochLine : TelemetryLine
{
    /// <summary>Epochs that were done, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>AP over IoU 0.50 to 0.95, mean over classes; NaN without truth.</summary>
    public required double AP { get; init; }

    /// <summary>AP at IoU 0.50, mean over classes.</summary>
    public required double AP50 { get; init; }

    /// <summary>[K]: AP of each class.</summary>
    public required Values<double> ClassAP { get; init; }

    /// <summary>[K]: AP at IoU 0.50 of each class.</summary>
    public required Values<double> ClassAP50 { get; init; }

    /// <summary>How long measuring took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The most memory that the process has held, MiB.</summary>
    public required double PeakMiB { get; init; }
}
