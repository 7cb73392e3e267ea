namespace Ballast.Cli;

/// <summary>What a running command has at hand.</summary>
internal sealed class Session(CancellationToken cancellation)
{
    /// <summary>Where it prints; set when the command line is understood.</summary>
    public required Terminal Terminal { get; set; }

    /// <summary>Stops it.</summary>
    public CancellationToken Cancellation => cancellation;
}
