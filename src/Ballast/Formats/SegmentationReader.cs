namespace Ballast;

/// <summary>
/// Reads segmentations, which a data set holds as byte ranges of its annotation files. A file whose length or time of writing has changed since is refused:
/// its ranges may point anywhere.
/// </summary>
internal sealed class SegmentationReader(DatasetSource source) : IDisposable
{
    private readonly Stream?[] _streams = new Stream?[source.SegmentationFiles.Count];

    /// <summary>The bytes of a segmentation as they stand in the file.</summary>
    /// <exception cref="InputException">The file changed, or cannot be read.</exception>
    public byte[] Read(ByteRange range)
    {
        if (range.IsEmpty) return [];
        var bytes = new byte[range.Length];
        try
        {
            var stream = _streams[range.File] ??= Open(source.SegmentationFiles[range.File]);
            if (stream.Position != range.Offset) stream.Position = range.Offset;
            stream.ReadExactly(bytes);
        }
        catch (IOException e)
        {
            throw new InputException($"'{Display(range.File)}' cannot be read for its segmentations: {e.Message}", e);
        }

        return bytes;
    }

    /// <summary>Checks again that no file that was read has changed meanwhile.</summary>
    public void Verify()
    {
        for (var file = 0; file < _streams.Length; file++)
        {
            if (_streams[file] is not null) Check(source.SegmentationFiles[file]);
        }
    }

    public void Dispose()
    {
        foreach (var stream in _streams) stream?.Dispose();
    }

    private Stream Open(SegmentationFile file)
    {
        Check(file);
        return source.Tree.Open(file.Entry);
    }

    private void Check(SegmentationFile file)
    {
        if (!source.Tree.Exists(file.Entry))
            throw new InputException($"'{source.Tree.Display(file.Entry)}' is gone since it was read; its segmentations are needed. Read the data set again.");
        var (length, written) = (source.Tree.Length(file.Entry), source.Tree.Written(file.Entry));
        if (length == file.Length && written == file.Written) return;
        throw new InputException($"'{source.Tree.Display(file.Entry)}' has changed since it was read ({file.Length} bytes of {file.Written:u}, now {length} of {written:u}), so its segmentations "
            + "may stand elsewhere. Read the data set again.");
    }

    private string Display(int file) => source.Tree.Display(source.SegmentationFiles[file].Entry);
}
