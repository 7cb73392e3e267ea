namespace Ballast;

/// <summary>Work that is done class by class in parallel; each class writes only its own results, so these do not depend on threads.</summary>
internal static class ByClass
{
    /// <summary>Runs the work for every class, each thread with scratch of its own; classes are handed out one by one, so give the largest first.</summary>
    public static void Run<TScratch>(int[] classes, Func<TScratch> makeScratch, Action<int, TScratch> work)
    {
        var next = -1;
        var workers = Math.Min(Environment.ProcessorCount, classes.Length);
        if (workers <= 1)
        {
            Work();
            return;
        }

        Parallel.For(0, workers, _ => Work());

        void Work()
        {
            var scratch = makeScratch();
            for (var i = Interlocked.Increment(ref next); i < classes.Length; i = Interlocked.Increment(ref next)) work(classes[i], scratch);
        }
    }
}
