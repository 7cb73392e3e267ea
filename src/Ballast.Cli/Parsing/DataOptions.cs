using System.CommandLine;

namespace Ballast.Cli;

/// <summary>The options of every command that reads data: what to read, and how.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string>? _one;
    private readonly Argument<string[]>? _several;
    private readonly Option<string>? _named;
    private readonly Option<string?> _format;
    private readonly Option<string[]> _images = new("--images")
    {
        Description = "A further folder to look for images in; may be given more than once",
        HelpName = "DIR",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _part = new("--part") { Description = "Only images of this part: train, val, test ...", HelpName = "NAME" };
    private readonly Option<bool> _strict = new("--strict") { Description = "Stop at the first flaw that is more than a note" };
    private readonly Option<bool> _repair = new("--repair") { Description = "Mend flaws in memory: swap corners, clip, drop; files stay as they are" };
    private readonly Option<bool> _allowOutside = new("--allow-outside") { Description = "Read files outside the data's folder and --images too" };
    private readonly Option<string?> _voc = new("--voc")
    {
        Description = "Read Pascal VOC corners as 1-based and inclusive, or as they stand (default)",
        HelpName = "one-based|as-is",
    };
    private readonly Option<int> _megapixels = new("--max-megapixels")
    {
        Description = "Refuse images that claim more pixels",
        HelpName = "N",
        DefaultValueFactory = _ => new LoadOptions().MaxMegapixels,
    };

    /// <param name="several">Whether more than one data set may be given.</param>
    /// <param name="formatOption">The option that names the format that is read; convert has --format for the one that is written.</param>
    /// <param name="dataOption">The option that names the data set, for commands whose arguments are something else.</param>
    public DataOptions(bool several = false, string formatOption = "--format", string? dataOption = null)
    {
        const string what = "The data set that is measured against: an annotation file, a folder or a .zip file";
        if (dataOption is not null) _named = new(dataOption) { Description = what, HelpName = "DATA", Required = true };
        else if (several) _several = new("DATA") { Description = "Annotation files, folders or .zip files", Arity = ArgumentArity.OneOrMore };
        else _one = new("DATA") { Description = "An annotation file, a folder or a .zip file" };
        _format = new Option<string?>(formatOption) { Description = "The data's format, where its content does not decide", HelpName = "FORMAT" }
            .AcceptWords([.. AnnotationFormat.All.Select(format => format.Name)]);
        _voc.AcceptWords("one-based", "as-is");
        _images.AllowMultipleArgumentsPerToken = false;
        _megapixels.AcceptAtLeast(1);
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        if (_named is not null) command.Add(_named);
        else command.Add((Argument?)_several ?? _one!);
        foreach (var option in new Option[] { _format, _images, _part, _strict, _repair, _allowOutside, _voc, _megapixels }) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_strict) && result.GetValue(_repair)) result.AddError("--strict stops at a flaw and --repair mends it; give one of them.");
        });
    }

    /// <summary>Reads the one data set, and says what it was taken for.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public DetectionDataset Load(ParseResult parsed, Session session) => LoadAll(parsed, session)[0];

    /// <summary>Reads the one data set until it is stopped.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public DetectionDataset Load(ParseResult parsed, Session session, CancellationToken cancellation)
        => Load(Paths(parsed)[0], Options(parsed, session) with { Cancellation = cancellation }, session);

    /// <summary>Reads the data sets, and says what each was taken for.</summary>
    /// <exception cref="InputException">One cannot be read.</exception>
    public IReadOnlyList<DetectionDataset> LoadAll(ParseResult parsed, Session session)
        => [.. Paths(parsed).Select(path => Load(path, Options(parsed, session), session))];

    /// <summary>Reads the data sets and looks at their image files too: what is wrong with them is among the flaws.</summary>
    /// <exception cref="InputException">One cannot be read, or has a flaw under --strict.</exception>
    public IReadOnlyList<DetectionDataset> LoadChecked(ParseResult parsed, Session session)
    {
        var options = Options(parsed, session);
        return [.. Paths(parsed).Select(path => CheckImages(Load(path, options, session), options, session))];
    }

    /// <summary>Whether the command is to stop at what is wrong.</summary>
    public bool IsStrict(ParseResult parsed) => parsed.GetValue(_strict);

    /// <summary>How to read.</summary>
    public LoadOptions Options(ParseResult parsed, Session session) => new()
    {
        Flaws = parsed.GetValue(_strict) ? FlawPolicy.Strict : parsed.GetValue(_repair) ? FlawPolicy.Repair : FlawPolicy.Report,
        Format = parsed.GetValue(_format),
        Part = parsed.GetValue(_part),
        ImageFolders = parsed.GetValue(_images) ?? [],
        AllowOutside = parsed.GetValue(_allowOutside),
        VocOneBased = parsed.GetValue(_voc) == "one-based",
        MaxMegapixels = parsed.GetValue(_megapixels),
        Cancellation = session.Cancellation,
    };

    /// <summary>Reads a data set with progress, and says what it was taken for.</summary>
    public static DetectionDataset Load(string path, LoadOptions options, Session session)
    {
        DetectionDataset data;
        using (var progress = session.Terminal.Progress($"reading {path}")) data = DetectionDataset.Load(path, options with { Progress = progress });
        session.CloseAtEnd(data.Source.Tree);
        session.Terminal.Note(Describe(data));
        return data;
    }

    /// <summary>Annotations without a single image are no flaw, unless a person said where the images are: a note tells what was searched.</summary>
    private static DetectionDataset CheckImages(DetectionDataset data, LoadOptions options, Session session)
    {
        using var progress = session.Terminal.Progress($"looking at the images of {data.Name}");
        var result = ImageCheck.Run(data, new() { Flaws = options.Flaws, MaxMegapixels = options.MaxMegapixels, Progress = progress, Cancellation = options.Cancellation });
        if (result.NothingFound is not { } nothing) return data.WithFlaws(result.Flaws, ImageCheck.Codes);
        session.Terminal.Note(nothing);
        return options.ImageFolders.Count == 0 ? data : data.WithFlaws(result.Flaws, ImageCheck.Codes);
    }

    private string[] Paths(ParseResult parsed)
        => _named is not null ? [parsed.GetRequiredValue(_named)] : _several is null ? [parsed.GetRequiredValue(_one!)] : parsed.GetRequiredValue(_several);

    private static string Describe(DetectionDataset data)
    {
        var title = AnnotationFormat.All.First(format => format.Name == data.Source.Format).Title;
        var parts = data.Images.PartNames.Count == 0 ? "" : $", {(data.Images.PartNames.Count == 1 ? "part" : "parts")} {string.Join(", ", data.Images.PartNames)}";
        return $"{data.Name}: {title}, {Plural.Of(data.Images.Count, "image", "images")}{parts}";
    }
}
