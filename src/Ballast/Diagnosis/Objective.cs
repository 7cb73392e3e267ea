namespace Ballast;

/// <summary>Objective imbalance, classification against regression: annotations alone cannot show it, a training run can.</summary>
internal sealed partial class Objective : Diagnostic
{
    public override string Id => "objective";

    public override Finding Conclude(DiagnosisContext context)
    {
        var frame = new Finding
        {
            Id = Id,
            Family = "objective",
            Subject = "classes against boxes",
            Verdict = Verdict.CannotTell,
            Headline = "cannot tell before a training run has recorded its losses and gradients",
            Meaning = "Classification and box losses differ in range and in how many candidates feed them; which one rules the shared features shows only in training.",
            Remedies =
            [
                new()
                {
                    Title = "record a training run",
                    Effect = "shows loss ranges, gradient norms and loss shares over time",
                    Cost = "one short training run",
                    Command = context.Train(),
                },
            ],
        };
        return context.Options.Run is { } run ? Conclude(context, run, frame) : frame;
    }
}
