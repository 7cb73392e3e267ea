namespace Ballast;

/// <summary>One choice of a grid.</summary>
/// <typeparam name="T">The recipe's record.</typeparam>
/// <param name="Settings">What makes it, one of each variation.</param>
/// <param name="Recipe">The recipe, or null when its settings contradict each other.</param>
/// <param name="Refusal">Why there is no recipe; null when there is one.</param>
public sealed record RecipeCell<T>(Values<RecipeSetting> Settings, T? Recipe, string? Refusal)
    where T : class
{
    /// <summary>What tells it from the others: "detector.boxLoss.type=giou, training.seed=2".</summary>
    public string Name => string.Join(", ", Settings);
}

/// <summary>Recipes that differ in chosen members, every combination of them: what <c>--vary detector.boxLoss.type=smooth-l1,giou</c> races.</summary>
public static class RecipeGrid
{
    private const int MostCells = 1000;

    /// <summary>All combinations, the last variation changing fastest. Those that contradict themselves have a reason in place of a recipe.</summary>
    /// <typeparam name="T">The recipe's record.</typeparam>
    /// <param name="recipe">What they vary.</param>
    /// <param name="variations">Each "path=value,value"; commas inside brackets, braces and quotes belong to a value.</param>
    /// <param name="validate">Throws <see cref="InputException"/> for a recipe whose values contradict each other.</param>
    /// <exception cref="InputException">A variation is wrong in every combination, gives one value only, or a member varies twice.</exception>
    public static IReadOnlyList<RecipeCell<T>> Of<T>(T recipe, IReadOnlyList<string> variations, Action<T> validate)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(variations);
        ArgumentNullException.ThrowIfNull(validate);
        var axes = variations.Select(Axis).ToArray();
        if (axes.GroupBy(axis => axis[0].Path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"'{twice.Key}' varies twice; give all its values at once, with commas between them.");
        var count = axes.Aggregate(1L, (product, axis) => Math.Min(product * axis.Length, MostCells + 1L));
        if (count > MostCells) throw new InputException($"The variations have more than {MostCells} combinations. Vary less at a time.");
        var cells = Enumerable.Range(0, (int)count).Select(index => Cell(recipe, Choice(axes, index), validate)).ToArray();
        foreach (var setting in axes.SelectMany(axis => axis))
        {
            // What no combination can take is no contradiction but a wrong word.
            var own = cells.Where(cell => cell.Cell.Settings.Contains(setting)).ToArray();
            if (own.All(cell => cell.Refused == setting)) throw new InputException(own[0].Cell.Refusal!);
        }

        return [.. cells.Select(cell => cell.Cell)];
    }

    /// <summary>A combination, and which of its settings cannot be made; null when all can.</summary>
    private static (RecipeCell<T> Cell, RecipeSetting? Refused) Cell<T>(T recipe, Values<RecipeSetting> settings, Action<T> validate)
        where T : class
    {
        RecipeSetting? current = null;
        try
        {
            var changed = recipe;
            foreach (var setting in settings)
            {
                current = setting;
                changed = RecipeSetting.Apply(changed, [setting]);
            }

            current = null;
            validate(changed);
            return (new(settings, changed, null), null);
        }
        catch (InputException e)
        {
            return (new(settings, null, e.Message), current);
        }
    }

    private static RecipeSetting[] Axis(string variation)
    {
        var cut = variation.IndexOf('=', StringComparison.Ordinal);
        if (cut <= 0) throw new InputException($"'{variation}' varies nothing; write a member and its values, such as detector.boxLoss.type=smooth-l1,giou.");
        var values = Split(variation[(cut + 1)..]);
        if (values.Distinct().Count() != values.Count || values.Any(value => value.Length == 0))
            throw new InputException($"'{variation}' has a value that is empty or given twice; write each once, with commas between them.");
        if (values.Count < 2) throw new InputException($"'{variation}' has one value, so nothing varies; use --set for it, or give another value after a comma.");
        return [.. values.Select(value => RecipeSetting.Parse($"{variation[..cut]}={value}"))];
    }

    private static List<string> Split(string text)
    {
        var values = new List<string>();
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (text[i] is '[' or '{') depth++;
            else if (text[i] is ']' or '}') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                values.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        values.Add(text[start..].Trim());
        return values;
    }

    private static Values<RecipeSetting> Choice(RecipeSetting[][] axes, int index)
    {
        var settings = new RecipeSetting[axes.Length];
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            settings[axis] = axes[axis][index % axes[axis].Length];
            index /= axes[axis].Length;
        }

        return [.. settings];
    }
}
