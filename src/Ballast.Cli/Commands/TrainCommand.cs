using System.CommandLine;
using Ballast.Training;

namespace Ballast.Cli;

/// <summary><c>ballast train RECIPE | DATA</c>: trains a detector, or races several, and measures what comes out.</summary>
internal static class TrainCommand
{
    /// <summary>How long a step, a checkpoint and what waits for them may take after Ctrl-C.</summary>
    internal static readonly TimeSpan TimeToStop = TimeSpan.FromMinutes(5);

    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        var recipes = new RecipeOptions();
        var reading = new ReadingOptions();
        var vary = new Option<string[]>("--vary") { Description = "Race values of a member: detector.boxLoss.type=l1,giou; more than one --vary makes a grid", HelpName = "PATH=A,B", Arity = ArgumentArity.OneOrMore };
        var seeds = new Option<int>("--seeds") { Description = "Runs of each entry of a race, each of another seed; three and more tell methods apart, not only these runs", HelpName = "N", DefaultValueFactory = _ => 1 }.AcceptAtLeast(1);
        var primary = new Option<string?>("--primary") { Description = "The figure that decides a race, named beforehand; AP of the rarest classes when left out", HelpName = "NAME" };
        var device = new Option<string?>("--device") { Description = "cpu (default), or cuda, which needs a build with CUDA libraries and was never run by us", HelpName = "DEVICE", }.AcceptWords("cpu", "cuda");
        var output = new Option<string?>("--output", "-o") { Description = "The folder of the run; runs/NAME-N when left out", HelpName = "RUN" };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run or race in -o from its last checkpoint, to the same bits" };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON" };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of recipes, and train nothing" };
        var command = new Verb("train", "Train a detector, and measure what its imbalances cost")
        {
            Examples =
            [
                "ballast train samples/recipes/retinanet.json --set data=cells.json",
                "ballast train VOC2012 --detector retinanet --set detector.backbone.depth=18 --set training.epochs=24",
                "ballast train cells.json --weights resnet18.pth --set detector.backbone.frozenStages=2",
                "ballast train cells.json --vary detector.boxLoss.type=l1,giou,ciou --seeds 3 -o runs/losses",
                "ballast train --resume -o runs/cells-1",
            ],
        };
        recipes.AddTo(command);
        reading.AddTo(command);
        vary.AllowMultipleArgumentsPerToken = false;
        foreach (var option in new Option[] { vary, seeds, primary, device, output, resume, json, schema }) command.Add(option);
        command.Validators.Add(result =>
        {
            var hasSource = result.GetResult(command.Arguments[0]) is { Tokens.Count: > 0 };
            var varies = result.GetValue(vary) is { Length: > 0 };
            if (result.GetValue(schema)) return;
            if (result.GetValue(resume) && result.GetValue(output) is null) result.AddError("--resume goes on with the run in a folder; name it with -o.");
            if (!hasSource && !result.GetValue(resume)) result.AddError("RECIPE|DATA is missing: what is to be trained.");
            if (!hasSource && varies) result.AddError("--vary needs a recipe or data; a race that goes on knows what it varies.");
            if (!varies && hasSource && (result.GetValue(seeds) > 1 || result.GetValue(primary) is not null)) result.AddError("--seeds and --primary belong to a race; give --vary with them.");
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
            {
                session.Terminal.Raw(RecipeSchema.Of<TrainingRecipe>() + "\n");
                return;
            }

            var training = new Launch(session, parsed.GetValue(json), parsed.GetValue(resume));
            var template = new Template(parsed.GetValue(output), parsed.GetValue(device) ?? "cpu", reading.Of(parsed, session));
            var kept = recipes.HasSource(parsed) ? null : template.Folder;
            if (kept is not null && recipes.Changes(parsed))
                throw new InputException($"'{kept}' goes on with its own recipe, so nothing of it can be changed. Name the recipe too, or begin anew in another folder.");
            if (kept is not null && TrainingRace.IsIn(kept))
            {
                training.Race(TrainingRace.Load(kept), template, parsed.GetValue(primary));
                return;
            }

            var recipe = kept is null ? Named(recipes.Recipe(parsed), session) : new RunFolder(kept).LoadRecipe();
            if (parsed.GetValue(vary) is { Length: > 0 } varied) training.Race(new() { Recipe = recipe, Vary = [.. varied], Seeds = parsed.GetValue(seeds) }, template, parsed.GetValue(primary));
            else training.Run(recipe, template);
        });
        return command;
    }

    private static TrainingRecipe Named((TrainingRecipe Recipe, string Note) loaded, Session session)
    {
        session.Terminal.Note(loaded.Note);
        return loaded.Recipe;
    }

    /// <summary>What the line says beside the recipe.</summary>
    private sealed record Template(string? Folder, string Device, LoadOptions Loading)
    {
        public TrainingPlan Plan(TrainingRecipe recipe, bool resume)
            => new() { Recipe = recipe, Folder = Folder ?? TrainingPlan.NextFolder(recipe.Name ?? "run"), Resume = resume, Device = Device, Loading = Loading };
    }

    /// <summary>Trains and prints.</summary>
    private sealed class Launch(Session session, bool json, bool resume)
    {
        public void Run(TrainingRecipe recipe, Template template)
        {
            using var view = new TrainingView(session.Terminal, TimeProvider.System);
            using var asked = Stopping(view);
            var plan = template.Plan(recipe, resume);
            view.Note($"run: {plan.Folder}");
            var result = TrainingRun.Train(plan, view, session.Cancellation);
            view.Dispose();
            if (json) session.Terminal.Json(result.WriteJson);
            else TrainingResultView.Write(session.Terminal, result);
        }

        public void Race(RacePlan race, Template template, string? primary)
        {
            using var view = new TrainingView(session.Terminal, TimeProvider.System);
            using var asked = Stopping(view);
            var plan = template.Plan(race.Recipe, resume);
            if (!resume && TrainingRace.IsIn(plan.Folder)) throw new InputException($"'{plan.Folder}' holds a race already. Go on with --resume, or name another folder with -o.");
            view.Note($"race: {plan.Folder}");
            var result = TrainingRace.Run(race, plan, (name, number, all) => view.Note($"run {number} of {all}: {name}"), view, new() { Primary = primary }, session.Cancellation);
            view.Dispose();
            if (json) session.Terminal.Json(result.WriteJson);
            else TrainingResultView.Write(session.Terminal, result, plan.Folder);
        }

        private CancellationTokenRegistration Stopping(TrainingView view)
        {
            session.AllowOnInterruption(TimeToStop);
            return session.Cancellation.Register(() => view.Note("stopping after this step, with a checkpoint; Ctrl-C again stops at once"));
        }
    }
}
