using System.CommandLine;

namespace Ballast.Cli;

/// <summary>
/// <c>ballast completion bash|zsh|fish|pwsh</c>: a script for the shell. It asks the program itself what may follow (<c>ballast "[suggest:N]" "line"</c>), so it never
/// goes out of date.
/// </summary>
internal static class CompletionCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Session session)
    {
        string[] shells = ["bash", "zsh", "fish", "pwsh"];
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh" };
        shell.CompletionSources.Add(shells);
        shell.Validators.Add(result =>
        {
            var word = result.Tokens is [var token, ..] ? token.Value : "";
            if (ScriptOf(word) is null)
                result.AddError($"'{word}' is no shell this is known for; it takes {string.Join(", ", shells)}.{NearestWord.Hint(word, shells)}");
        });
        var command = new Verb("completion", "Print a completion script for a shell")
        {
            Examples = ["ballast completion bash > ~/.local/share/bash-completion/completions/ballast", "ballast completion pwsh >> $PROFILE"],
        };
        command.Add(shell);
        command.SetAction(parsed => session.Terminal.Raw(ScriptOf(parsed.GetValue(shell)!)!));
        return command;
    }

    private static string? ScriptOf(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        "pwsh" => PowerShell,
        _ => null,
    };

    private const string Bash = """
        # ballast completion for bash
        _ballast() {
          local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE#* } cut
          cut=$((${#COMP_LINE} - ${#line}))
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(ballast "[suggest:$((COMP_POINT - cut))]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _ballast ballast ./ballast

        """;

    private const string Zsh = """
        #compdef ballast
        # ballast completion for zsh
        _ballast() {
          local line=${BUFFER#* }
          local -a words
          words=("${(f)$(ballast "[suggest:$((CURSOR - ${#BUFFER} + ${#line}))]" "$line" 2>/dev/null)}")
          compadd -a words
          _files
        }
        compdef _ballast ballast

        """;

    private const string Fish = """
        # ballast completion for fish
        function __ballast_complete
            set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
            ballast "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c ballast -a '(__ballast_complete)'

        """;

    private const string PowerShell = """
        # ballast completion for PowerShell
        Register-ArgumentCompleter -Native -CommandName ballast -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString() -replace '^\S+\s?', ''
            $cut = $commandAst.ToString().Length - $line.Length
            ballast "[suggest:$($cursorPosition - $cut)]" "$line" 2>$null |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
