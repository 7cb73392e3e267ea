using System.CommandLine;

namespace Ballast.Cli;

/// <summary>How the data of a recipe is read; the recipe says what is read.</summary>
internal sealed class ReadingOptions
{
    private readonly Option<string?> _format = new Option<string?>("--format") { Description = "The data's format, where its content does not decide", HelpName = "FORMAT" }
        .AcceptWords([.. AnnotationFormat.All.Select(format => format.Name)]);
    private readonly Option<string[]> _images = new("--images") { Description = "A further folder to look for images in; may be given more than once", HelpName = "DIR", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at a flaw of the annotations, and at an image that cannot be decoded" };
    private readonly Option<bool> _repair = new("--repair") { Description = "Mend flaws in memory: swap corners, clip, drop; files stay as they are" };
    private readonly Option<bool> _allowOutside = new("--allow-outside") { Description = "Read files outside the data's folder and --images too" };
    private readonly Option<string?> _voc = new("--voc") { Description = "Read Pascal VOC corners as 1-based and inclusive, or as they stand (default)", HelpName = "one-based|as-is" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _voc.AcceptWords("one-based", "as-is");
        _images.AllowMultipleArgumentsPerToken = false;
        foreach (var option in new Option[] { _format, _images, _strict, _repair, _allowOutside, _voc }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_strict) && result.GetValue(_repair)) result.AddError("--strict stops at a flaw and --repair mends it; give one of them.");
        });
    }

    /// <summary>How to read.</summary>
    public LoadOptions Of(ParseResult parsed, Session session) => new()
    {
        Flaws = parsed.GetValue(_strict) ? FlawPolicy.Strict : parsed.GetValue(_repair) ? FlawPolicy.Repair : FlawPolicy.Report,
        Format = parsed.GetValue(_format),
        ImageFolders = parsed.GetValue(_images) ?? [],
        AllowOutside = parsed.GetValue(_allowOutside),
        VocOneBased = parsed.GetValue(_voc) == "one-based",
        Cancellation = session.Cancellation,
    };
}
