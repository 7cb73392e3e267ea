namespace Ballast;

/// <summary>
/// Something a person gave (a file, a value, an option) cannot be used. The message is one sentence that names the thing, the value, the rule and the way out.
/// The command line prints it as it is and ends with exit code 3.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>Makes the exception with its sentence.</summary>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its sentence and what led to it.</summary>
    public InputException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
