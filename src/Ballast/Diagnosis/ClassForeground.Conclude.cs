namespace Ballast;

internal sealed partial class ClassForeground
{
    public override Finding Conclude(DiagnosisContext context) => new()
    {
        Id = Id, Family = "class", Subject = "foreground-foreground", Verdict = Verdict.CannotTell, Headline = "", Meaning = "",
    };
}
