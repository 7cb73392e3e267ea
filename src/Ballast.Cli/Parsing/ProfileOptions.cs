using System.CommandLine;

namespace Ballast.Cli;

/// <summary>Which detector is meant, and at what input size.</summary>
internal sealed class ProfileOptions
{
    private static readonly Dictionary<string, DetectorProfile> Profiles = DetectorProfile.Known.ToDictionary(profile => profile.Name);

    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "The detector: retinanet (default), faster-rcnn, ssd, or a file of a profile",
        HelpName = "NAME|FILE",
    };
    private readonly Option<string?> _inputSide;

    /// <param name="inputSide">What the input size is for.</param>
    public ProfileOptions(string inputSide)
    {
        _inputSide = new("--input-side") { Description = inputSide, HelpName = "SIZE" };
        _profile.CompletionSources.Add([.. Profiles.Keys]);
        _profile.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Profiles.ContainsKey(token.Value) && !File.Exists(token.Value))
                result.AddError($"'{token.Value}' is no detector profile ({string.Join(", ", Profiles.Keys)}) and no file.{NearestWord.Hint(token.Value, Profiles.Keys)}");
        });
        _inputSide.AcceptParsed(text => InputSize.Parse(text));
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_profile);
        command.Add(_inputSide);
    }

    /// <summary>Whether an input size was given.</summary>
    public bool HasInputSide(ParseResult parsed) => parsed.GetValue(_inputSide) is not null;

    /// <summary>Whether a detector or an input size was given.</summary>
    public bool IsAnyGiven(System.CommandLine.Parsing.CommandResult result) => result.GetValue(_profile) is not null || result.GetValue(_inputSide) is not null;

    /// <summary>The detector.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usual">The one that is meant when none is named; RetinaNet unless given.</param>
    /// <exception cref="InputException">The profile cannot be read.</exception>
    public DetectorProfile Profile(ParseResult parsed, DetectorProfile? usual = null)
    {
        var profile = parsed.GetValue(_profile) switch
        {
            null => usual ?? DetectorProfile.RetinaNet,
            var name => Profiles.TryGetValue(name, out var known) ? known : DetectorProfile.Load(name),
        };
        return parsed.GetValue(_inputSide) is { } side ? profile with { Input = InputSize.Parse(side) with { Divisor = profile.Input.Divisor } } : profile;
    }
}
