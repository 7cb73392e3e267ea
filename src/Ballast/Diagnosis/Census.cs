using System.Text.Json;

namespace Ballast;

/// <summary>
/// The counting pass: every image once, on all workers, into a set of tallies for each slice. Workers' counts are added up at the end; they are whole numbers, so the
/// result does not depend on how images were shared out.
/// </summary>
internal static class Census
{
    private const int ImagesPerBlock = 256;
    private const string WithoutAnchors = " without anchors";

    /// <summary>Counts all images of a data set.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="options">Profile, seed, workers, progress.</param>
    /// <param name="slices">How images are divided.</param>
    /// <exception cref="OperationCanceledException">The diagnosis was stopped.</exception>
    public static DatasetSummary Count(DetectionDataset data, DiagnosisOptions options, Slicing slices)
    {
        var counting = new CountingOptions(data.Classes.Count, options.Profile, options.Anchors);
        var key = new SummaryKey([.. data.Classes], slices.Names, ProfileText(options), options.Seed);
        var next = -1;
        var done = 0;
        var blocks = (data.Images.Count + ImagesPerBlock - 1) / ImagesPerBlock;
        var workers = Enumerable.Range(0, Math.Clamp(options.Workers, 1, Math.Max(1, blocks))).Select(_ => new Worker(data, options, slices, counting)).ToArray();
        Parallel.ForEach(workers, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, worker =>
        {
            for (var block = Interlocked.Increment(ref next); block < blocks; block = Interlocked.Increment(ref next))
            {
                options.Cancellation.ThrowIfCancellationRequested();
                worker.Add(block * ImagesPerBlock, Math.Min(data.Images.Count, (block + 1) * ImagesPerBlock));
                options.Progress?.Report((double)Interlocked.Increment(ref done) / blocks);
            }
        });

        var total = workers[0].Slices;
        foreach (var worker in workers.Skip(1))
        {
            for (var i = 0; i < total.Length; i++) total[i].Add(worker.Slices[i]);
        }

        return new(key, total, FlawCounts(data));
    }

    /// <summary>The profile as it stands in a summary's key; without anchors their counts are absent, so the key says so.</summary>
    public static string ProfileText(DiagnosisOptions options)
        => JsonSerializer.Serialize(options.Profile, ProfileJson.Default.DetectorProfile) + (options.Anchors ? "" : WithoutAnchors);

    /// <summary>The profile alone of a summary's key, whether anchors were matched or not.</summary>
    public static string ProfileOf(string key) => key.EndsWith(WithoutAnchors, StringComparison.Ordinal) ? key[..^WithoutAnchors.Length] : key;

    private static SortedDictionary<string, long> FlawCounts(DetectionDataset data)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (code, count) in data.Flaws.ByCode) counts[code.Code] = count;
        return counts;
    }

    /// <summary>One worker: its tallies and counters for each slice, and the workspaces that are used again for every image.</summary>
    private sealed class Worker
    {
        private readonly DetectionDataset _data;
        private readonly DiagnosisOptions _options;
        private readonly Slicing _slicing;
        private readonly ImageObjects _image;
        private readonly PoissonWeights _weights = new();
        private readonly Tally[] _images;
        private readonly ImageCounter[][] _counters;

        public Worker(DetectionDataset data, DiagnosisOptions options, Slicing slices, CountingOptions counting)
        {
            _data = data;
            _options = options;
            _slicing = slices;
            _image = new(counting.Anchors ? new AnchorMatches(counting.Profile) : null);
            Slices = new TallySet[slices.Names.Count + 1];
            _images = new Tally[Slices.Length];
            _counters = new ImageCounter[Slices.Length][];
            for (var i = 0; i < Slices.Length; i++)
            {
                Slices[i] = new();
                _images[i] = Slices[i].Declare(DatasetSummary.ImageTally, true, 1);
                foreach (var diagnostic in Diagnosis.Diagnostics) diagnostic.Declare(Slices[i], counting);
                _counters[i] = [.. Diagnosis.Diagnostics.Select(diagnostic => diagnostic.Counter(Slices[i], counting)).OfType<ImageCounter>()];
            }
        }

        public TallySet[] Slices { get; }

        public void Add(int start, int end)
        {
            for (var image = start; image < end; image++)
            {
                var slice = _slicing.SliceOf(image);
                if (slice < 0) slice = Slices.Length - 1;
                _image.Load(_data, image, _options.Profile.Input);
                _weights.Draw(_options.Seed, UnitOf(image));
                _images[slice].Add(0, 1, _weights.Weights);
                foreach (var counter in _counters[slice]) counter.Add(_image, _weights.Weights);
            }
        }

        /// <summary>What is resampled as one: the group (scene, video) an image belongs to, else the image.</summary>
        private string UnitOf(int image)
        {
            var group = _data.Images.Group(image);
            return group >= 0 ? _data.Images.GroupNames[group] : _data.Images.File(image);
        }
    }
}

/// <summary>How images are divided into slices that are counted apart.</summary>
/// <param name="Names">Names of the slices.</param>
/// <param name="SliceOf">The slice of an image, or -1.</param>
internal sealed record Slicing(IReadOnlyList<string> Names, Func<int, int> SliceOf)
{
    /// <summary>Most groups that are counted apart; the images of the others count as of no slice.</summary>
    private const int MostGroups = 24;

    /// <summary>By part (train, val, test).</summary>
    public static Slicing ByPart(DetectionDataset data) => new(data.Images.PartNames, data.Images.Part);

    /// <summary>By group (scene, video): the largest ones.</summary>
    /// <exception cref="InputException">The data set knows no groups.</exception>
    public static Slicing ByGroup(DetectionDataset data)
    {
        if (data.Images.GroupNames.Count == 0) throw new InputException($"'{data.Source.Path}' has no groups (scenes, videos) to slice by. Use --by part, or leave --by out.");
        var images = new int[data.Images.GroupNames.Count];
        for (var image = 0; image < data.Images.Count; image++)
        {
            if (data.Images.Group(image) is >= 0 and var group) images[group]++;
        }

        var largest = Enumerable.Range(0, images.Length).OrderByDescending(group => images[group]).ThenBy(group => group).Take(MostGroups).ToArray();
        var sliceOfGroup = new int[images.Length];
        sliceOfGroup.AsSpan().Fill(-1);
        for (var i = 0; i < largest.Length; i++) sliceOfGroup[largest[i]] = i;
        return new([.. largest.Select(group => data.Images.GroupNames[group])], image => data.Images.Group(image) is >= 0 and var group ? sliceOfGroup[group] : -1);
    }
}
