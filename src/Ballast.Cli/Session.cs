namespace Ballast.Cli;

/// <summary>What a running command has at hand, and what it opened.</summary>
internal sealed class Session(CancellationToken cancellation) : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    /// <summary>Where it prints; set anew when the command line is understood.</summary>
    public required Terminal Terminal { get; set; }

    /// <summary>Stops it.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Asks for more time than usual between Ctrl-C and the end of the process.</summary>
    public Action<TimeSpan> AllowOnInterruption { get; init; } = _ => { };

    /// <summary>Closes something when the command has ended.</summary>
    public void CloseAtEnd(IDisposable opened) => _opened.Add(opened);

    public void Dispose()
    {
        foreach (var opened in _opened) opened.Dispose();
    }
}
