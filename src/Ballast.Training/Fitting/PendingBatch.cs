namespace Ballast.Training;

/// <summary>A batch that threads are working at; the one that finishes last puts it together.</summary>
internal sealed class PendingBatch(long step, int count)
{
    private readonly PlacedImage[] _images = new PlacedImage[count];
    private readonly TaskCompletionSource<LoadedBatch> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    /// <summary>The batch, or what went wrong.</summary>
    public Task<LoadedBatch> Result => _result.Task;

    /// <summary>Gives up: what is left of it is not worked at.</summary>
    public void Drop() => _result.TrySetCanceled();

    /// <summary>Makes one image, and the batch if it was the last.</summary>
    public void Run(int place, Func<long, int, PlacedImage> make, Func<long, PlacedImage[], LoadedBatch> assemble)
    {
        if (_result.Task.IsCompleted) return;
        try
        {
            _images[place] = make(step, place);
            if (Interlocked.Decrement(ref _left) == 0) _result.TrySetResult(assemble(step, _images));
        }
        catch (Exception e)
        {
            // Whatever it is, it belongs to the thread that waits for the batch; this one goes on with others.
            _result.TrySetException(e);
        }
    }
}
