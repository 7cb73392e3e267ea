using System.CommandLine;

namespace Ballast.Cli;

/// <summary>Options that take one of a few words.</summary>
internal static class Words
{
    /// <summary>Accepts these words only; another one is answered with the nearest.</summary>
    public static Option<string?> AcceptWords(this Option<string?> option, params string[] words)
    {
        option.CompletionSources.Add(_ => words.Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!words.Contains(token.Value))
                    result.AddError($"'{token.Value}' is no value of '{option.Name}'; it takes {string.Join(", ", words)}.{NearestWord.Hint(token.Value, words)}");
            }
        });
        return option;
    }

    /// <summary>Accepts what the library can read; its sentence says what is wrong otherwise.</summary>
    public static T AcceptParsed<T>(this T option, Action<string> parse)
        where T : Option
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                try
                {
                    parse(token.Value);
                }
                catch (InputException e)
                {
                    result.AddError(e.Message);
                }
            }
        });
        return option;
    }

    /// <summary>Accepts numbers from a least one on.</summary>
    public static Option<int> AcceptAtLeast(this Option<int> option, int least)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < least)
                result.AddError($"{option.Name} is {value}; it must be at least {least}.");
        });
        return option;
    }
}
