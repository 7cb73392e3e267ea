using System.Runtime.ExceptionServices;

namespace Ballast;

/// <summary>
/// Reads many small files in parallel and takes the results in order, a batch at a time: what is built never depends on the number of threads, and only
/// one batch of results is held.
/// </summary>
internal static class FileBatches
{
    private const int BatchSize = 1024;

    /// <summary>Runs <paramref name="read"/> for 0..count-1 on all cores and <paramref name="take"/> for each result in order on this thread.</summary>
    public static void Read<T>(int count, Func<int, T> read, Action<int, T> take, LoadOptions options)
    {
        var results = new T[Math.Min(count, BatchSize)];
        var parallel = new ParallelOptions { CancellationToken = options.Cancellation };
        for (var start = 0; start < count; start += BatchSize)
        {
            var size = Math.Min(BatchSize, count - start);
            var first = start;
            ReadBatch(size, parallel, i => results[i] = read(first + i));
            for (var i = 0; i < size; i++)
            {
                take(start + i, results[i]);
                results[i] = default!;
            }

            options.Progress?.Report((double)(start + size) / count);
        }
    }

    private static void ReadBatch(int size, ParallelOptions parallel, Action<int> read)
    {
        try
        {
            Parallel.For(0, size, parallel, read);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions.FirstOrDefault(inner => inner is InputException) ?? e.InnerExceptions[0]);
        }
    }
}

/// <summary>A flaw a worker found in one file; the sentence is made when the file's turn comes, and only if it will be kept.</summary>
/// <param name="Code">The kind.</param>
/// <param name="Line">Line in the file; 0 when not known.</param>
/// <param name="Subject">What it concerns in the file, or "" for the image as a whole.</param>
/// <param name="Detail">The offending value, or "".</param>
internal readonly record struct FileFlaw(FlawCode Code, int Line, string Subject, string Detail)
{
    /// <summary>Hands the flaw on with the names of its file and image.</summary>
    public void AddTo(FlawCollector flaws, FileTree tree, string file, string image) => flaws.Add(Code, (this, tree, file, image), static (code, s) =>
    {
        var (flaw, tree, file, image) = s;
        var subject = flaw.Subject.Length > 0 ? $"{flaw.Subject} of image '{image}'" : $"image '{image}'";
        return new(code, tree.Display(file), flaw.Line, subject, flaw.Detail);
    });
}
