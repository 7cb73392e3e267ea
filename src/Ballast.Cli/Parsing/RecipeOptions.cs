using System.CommandLine;
using System.Reflection;
using System.Text.Json.Serialization;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary>What is to be trained: a recipe or data, with what the command line changes in it.</summary>
internal sealed class RecipeOptions
{
    private readonly Argument<string?> _source = new("RECIPE|DATA")
    {
        Description = "A recipe (.json), or an annotation file, folder or .zip to train the usual recipe on; left out with --resume",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _detector;
    private readonly Option<string?> _train = new("--train") { Description = "What to train on: a part of the data, parts joined by commas, or a data set of its own", HelpName = "PART|DATA" };
    private readonly Option<string?> _validate = new("--validate") { Description = "What to validate on", HelpName = "PART|DATA" };
    private readonly Option<string?> _weights = new("--weights") { Description = "Start from these weights (.pth, .safetensors): a backbone or a detector, of torchvision or Ballast; what does not fit is skipped and named", HelpName = "FILE" };
    private readonly Option<string[]> _set = new("--set") { Description = "Change the recipe: detector.boxLoss.type=giou; may be given more than once", HelpName = "PATH=VALUE", Arity = ArgumentArity.OneOrMore };

    /// <summary>Makes the options.</summary>
    public RecipeOptions()
    {
        _detector = new Option<string?>("--detector") { Description = "The kind of detector, with its defaults; retinanet unless the recipe says otherwise", HelpName = "KIND" }
            .AcceptWords([.. typeof(Ballast.Training.DetectorOptions).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(kind => (string)kind.TypeDiscriminator!)]);
        _set.AllowMultipleArgumentsPerToken = false;
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_source);
        foreach (var option in new Option[] { _detector, _train, _validate, _weights, _set }) command.Add(option);
    }

    /// <summary>Whether a recipe or data was named.</summary>
    public bool HasSource(ParseResult parsed) => parsed.GetValue(_source) is not null;

    /// <summary>Whether anything changes a recipe.</summary>
    public bool Changes(ParseResult parsed)
        => parsed.GetValue(_detector) is not null || parsed.GetValue(_train) is not null || parsed.GetValue(_validate) is not null || parsed.GetValue(_weights) is not null || parsed.GetValue(_set) is { Length: > 0 };

    /// <summary>The recipe, with what the line changes in it, and a sentence that says what the argument was taken for.</summary>
    /// <exception cref="InputException">There is none, or something in it is wrong.</exception>
    public (TrainingRecipe Recipe, string Note) Recipe(ParseResult parsed)
    {
        var path = parsed.GetValue(_source)!;
        var (recipe, wasRecipe) = TrainingSource.Load(path);
        if (parsed.GetValue(_detector) is { } kind) recipe = RecipeSetting.Apply(recipe, [RecipeSetting.Parse($"detector.type={kind}")]);
        if (parsed.GetValue(_train) is { } train) recipe = recipe with { TrainOn = train };
        if (parsed.GetValue(_validate) is { } validate) recipe = recipe with { ValidateOn = validate };
        recipe = RecipeSetting.Apply(recipe, (parsed.GetValue(_set) ?? []).Select(RecipeSetting.Parse));
        if (parsed.GetValue(_weights) is { } weights) recipe = recipe with { Detector = recipe.Detector with { Weights = weights } };
        return (recipe, wasRecipe ? $"{path}: a recipe" : $"{path}: data, for the usual recipe of {RecipeKind.Of(recipe.Detector)}");
    }
}
