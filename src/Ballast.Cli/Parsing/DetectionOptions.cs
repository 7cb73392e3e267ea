using System.CommandLine;

namespace Ballast.Cli;

/// <summary>How files of detections name images and classes, and reading them while the truth is still being read.</summary>
internal sealed class DetectionOptions
{
    private readonly Option<string?> _classes = new Option<string?>("--map-classes")
    {
        Description = "How detections name classes: by id, name, or place in the truth's list from 0 or 1; found out when left out",
        HelpName = "id|name|index0|index1",
    }.AcceptWords("id", "name", "index0", "index1");

    private readonly Option<string?> _images = new Option<string?>("--map-images")
    {
        Description = "How detections name images: by id, file name, or file name without its ending; found out when left out",
        HelpName = "id|name|stem",
    }.AcceptWords("id", "name", "stem");

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_classes);
        command.Add(_images);
    }

    /// <summary>Reads the truth and files of detections side by side; says how names were understood and what is wrong.</summary>
    /// <exception cref="InputException">One cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public (DetectionDataset Truth, IReadOnlyList<DetectionTable> Tables) Read(IReadOnlyList<string> paths, DataOptions data, ParseResult parsed, Session session)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        var truth = Task.Run(() => data.Load(parsed, session, stop.Token), CancellationToken.None);
        var tables = new List<DetectionTable>();
        try
        {
            foreach (var path in paths) tables.Add(Read(path, truth, data, parsed, session));
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            // What the truth opened is closed with the session, so it may not outlive this method.
            ((IAsyncResult)truth).AsyncWaitHandle.WaitOne();
        }

        for (var i = 0; i < tables.Count; i++) Describe(paths[i], tables[i], session);
        return (truth.GetAwaiter().GetResult(), tables);
    }

    private DetectionTable Read(string path, Task<DetectionDataset> truth, DataOptions data, ParseResult parsed, Session session)
    {
        using var progress = session.Terminal.Progress($"reading {path}");
        return DetectionResults.Read(path, truth, new DetectionReadOptions
        {
            Flaws = data.IsStrict(parsed) ? FlawPolicy.Strict : FlawPolicy.Report,
            Classes = parsed.GetValue(_classes) switch
            {
                "id" => ClassNaming.Id,
                "name" => ClassNaming.Name,
                "index0" => ClassNaming.ZeroBased,
                "index1" => ClassNaming.OneBased,
                _ => null,
            },
            Images = parsed.GetValue(_images) switch { "id" => ImageNaming.Id, "name" => ImageNaming.File, "stem" => ImageNaming.Stem, _ => null },
            Progress = progress,
            Cancellation = session.Cancellation,
        });
    }

    private static void Describe(string path, DetectionTable table, Session session)
    {
        session.Terminal.Note($"{path}: {Plural.Of(table.Count, "detection", "detections")}. {table.Mapping}");
        foreach (var (code, count) in table.Flaws.ByCode)
            session.Terminal.Note($"{count:N0} x {code.Code}, {code.Repair}; the first: {table.Flaws.Listed.First(flaw => flaw.Code == code)}");
    }
}
