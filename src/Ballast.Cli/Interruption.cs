using System.Runtime.InteropServices;

namespace Ballast.Cli;

/// <summary>
/// Ctrl-C: the first asks everything to stop and waits most of a second for it (longer where a command asked for it), the second ends the process at once. Files being written have temporary names that
/// are deleted when the process ends.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(0.8);

    private readonly CancellationTokenSource _source = new();
    private readonly Timer _watchdog = new(_ => Environment.Exit(ExitCode.Interrupted));
    private readonly PosixSignalRegistration[] _signals;
    private long _grace = UsualGrace.Ticks;
    private int _asked;

    public Interruption() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    /// <summary>Cancelled at the first Ctrl-C.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Gives a command longer to end well: one that has a checkpoint to write.</summary>
    public void Allow(TimeSpan grace) => Interlocked.Exchange(ref _grace, grace.Ticks);

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _watchdog.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _asked) > 1) Environment.Exit(ExitCode.Interrupted);
        _watchdog.Change(TimeSpan.FromTicks(Interlocked.Read(ref _grace)), Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }
}
