using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Ballast.Cli;

/// <summary>What is wrong with a command line, in one sentence with the nearest word that is known.</summary>
internal static class UsageError
{
    /// <summary>The sentence, or null when the command line is fine.</summary>
    public static string? Of(ParseResult parsed)
        => UnknownOption(parsed)
            ?? UnknownCommand(parsed)
            ?? parsed.Errors.Select(error => Sentence(error, parsed.CommandResult.Command)).FirstOrDefault();

    /// <summary>The parser takes an option it does not know for a value, so words with a dash are looked at here; after "--" they are values.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Type != TokenType.Argument || !LooksLikeOption(token.Value)) continue;
            var name = token.Value.Split('=', ':')[0];
            var known = OptionsOf(command).SelectMany(option => option.Aliases.Prepend(option.Name));
            return $"'{name}' is no option of '{CommandTree.NameOf(command)}'.{NearestWord.Hint(name, known)}";
        }

        return null;
    }

    private static string? UnknownCommand(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is not RootCommand root) return null;
        var known = root.Subcommands.Select(command => command.Name).ToList();
        if (parsed.UnmatchedTokens.Count == 0) return parsed.Errors.Count == 0 ? null : $"say what to do: {string.Join(", ", known)}.";
        return $"'{parsed.UnmatchedTokens[0]}' is no command.{NearestWord.Hint(parsed.UnmatchedTokens[0], known)}";
    }

    private static string Sentence(ParseError error, Command command) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.Name} is missing ({argument.Argument.Description}).",
        OptionResult { IdentifierToken: null } option => $"'{option.Option.Name}' is missing ({option.Option.Description}).",
        OptionResult { Tokens.Count: 0 } option => $"'{option.Option.Name}' needs a value{Known(option.Option)}.",
        OptionResult { Tokens.Count: > 1 } option when option.Option.Arity.MaximumNumberOfValues == 1 => $"'{option.Option.Name}' is given more than once.",
        OptionResult option when error.Message.StartsWith("Cannot parse", StringComparison.Ordinal)
            => $"'{option.Tokens[^1].Value}' is no value of '{option.Option.Name}': it takes a number.",
        CommandResult result when TooMany(result, error) is { } word => $"'{word}' is one word too many for '{CommandTree.NameOf(command)}'.",
        _ => error.Message,
    };

    private static string? TooMany(CommandResult result, ParseError error)
        => result.Parent is null ? null : error.Message.Split('\'') is ["Unrecognized command or argument ", var word, ..] ? word : null;

    private static string Known(Option option)
        => option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).ToList() is { Count: > 0 } words ? $": {string.Join(", ", words)}" : "";

    private static IEnumerable<Option> OptionsOf(Command command)
        => command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)));

    private static bool LooksLikeOption(string word) => word.Length > 1 && word[0] == '-' && !(char.IsAsciiDigit(word[1]) || word[1] == '.');
}
