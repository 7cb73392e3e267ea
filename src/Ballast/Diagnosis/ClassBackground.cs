namespace Ballast;

/// <summary>
/// Class imbalance between foreground and background, as the chosen detector would meet it: its real anchor grid and assigner over every image at its real resized
/// shape, and the area that objects cover.
/// </summary>
internal sealed partial class ClassBackground : Diagnostic
{
    /// <summary>[3], replicated: positive, ignored and background anchors.</summary>
    public const string AnchorTally = "anchors/all";

    /// <summary>[L, 3]: the same by pyramid level.</summary>
    public const string LevelTally = "anchors/levels";

    /// <summary>[K], replicated: positive anchors of each class.</summary>
    public const string ClassTally = "anchors/classes";

    /// <summary>[K, 3], replicated: objects with an anchor at the assigner's threshold, with one only by the low-quality rule, with none.</summary>
    public const string ObjectTally = "objects/matched";

    /// <summary>[bins, 3]: the same by side (square root of the area) at the input, <see cref="LengthScale"/>.</summary>
    public const string SizeTally = "objects/matched-by-side";

    /// <summary>[257]: images by number of positive anchors, the last bin 256 and more.</summary>
    public const string PositivesTally = "images/positive-anchors";

    /// <summary>[2], replicated: square pixels covered by objects (their union), and of the images.</summary>
    public const string AreaTally = "images/area";

    public const int Positive = 0;
    public const int Ignored = 1;
    public const int Background = 2;

    /// <summary>Columns of <see cref="ObjectTally"/> and <see cref="SizeTally"/>.</summary>
    public const int Strong = 0;
    public const int Weak = 1;
    public const int Unmatched = 2;

    private const int PositiveBins = 257;

    public override string Id => "class-background";

    public override void Declare(TallySet counts, CountingOptions options)
    {
        counts.Declare(AreaTally, true, 2);
        if (!options.Anchors) return;
        counts.Declare(AnchorTally, true, 3);
        counts.Declare(LevelTally, false, options.Profile.Anchors.Levels.Count, 3);
        counts.Declare(ClassTally, true, options.Classes);
        counts.Declare(ObjectTally, true, options.Classes, 3);
        counts.Declare(SizeTally, false, LengthScale.Bins, 3);
        counts.Declare(PositivesTally, false, PositiveBins);
    }

    public override ImageCounter Counter(TallySet into, CountingOptions options) => new AnchorCounter(into, options);

    private sealed class AnchorCounter(TallySet into, CountingOptions options) : ImageCounter
    {
        private readonly Tally _area = into[AreaTally];
        private readonly Tally? _anchors = options.Anchors ? into[AnchorTally] : null;
        private readonly Tally? _levels = options.Anchors ? into[LevelTally] : null;
        private readonly Tally? _classes = options.Anchors ? into[ClassTally] : null;
        private readonly Tally? _objects = options.Anchors ? into[ObjectTally] : null;
        private readonly Tally? _sizes = options.Anchors ? into[SizeTally] : null;
        private readonly Tally? _positives = options.Anchors ? into[PositivesTally] : null;
        private readonly CoveredArea _covered = new();
        private readonly long[] _classPositives = new long[options.Classes];
        private readonly long[] _classObjects = new long[options.Classes * 3];

        public override void Add(ImageObjects image, ReadOnlySpan<long> weights)
        {
            if (image.Width <= 0 || image.Height <= 0) return;
            _area.Add(0, _covered.Of(image.Corners), weights);
            _area.Add(1, (long)image.Width * image.Height, weights);
            if (image.Matches is not { } matches || _anchors is null) return;
            var positives = AddAnchors(matches, weights);
            _positives!.Add((int)Math.Min(positives, PositiveBins - 1), 1, weights);
            AddObjects(image, matches, weights);
        }

        private long AddAnchors(AnchorMatches matches, ReadOnlySpan<long> weights)
        {
            var (positives, ignored) = (0L, 0L);
            var grid = matches.Grid;
            var assignment = matches.Assignment;
            for (var i = 0; i < assignment.Anchors.Count; i++)
            {
                var state = assignment.Truths[i] >= 0 ? Positive : Ignored;
                if (state == Positive) positives++;
                else ignored++;
                var level = grid.LevelOf(assignment.Anchors[i]) * 3;
                _levels!.Add(level + state, 1, weights);
                _levels.Add(level + Background, -1, weights);
            }

            _anchors!.Add(Positive, positives, weights);
            _anchors.Add(Ignored, ignored, weights);
            _anchors.Add(Background, grid.Count - positives - ignored, weights);
            for (var level = 0; level < grid.Levels.Count; level++) _levels!.Add((level * 3) + Background, grid.Levels[level].Count, weights);
            return positives;
        }

        private void AddObjects(ImageObjects image, AnchorMatches matches, ReadOnlySpan<long> weights)
        {
            for (var i = 0; i < image.Count; i++)
            {
                var column = matches.StrongPositives[i] > 0 ? Strong : matches.Positives[i] > 0 ? Weak : Unmatched;
                _classPositives[image.Classes[i]] += matches.Positives[i];
                _classObjects[(image.Classes[i] * 3) + column]++;
                var box = image.ResizedBoxes[i];
                _sizes!.Add((LengthScale.Bin(Math.Sqrt((double)box.Width * box.Height)) * 3) + column, 1, weights);
            }

            foreach (var @class in image.Present)
            {
                _classes!.Add(@class, _classPositives[@class], weights);
                _classPositives[@class] = 0;
                for (var cell = @class * 3; cell < (@class * 3) + 3; cell++)
                {
                    if (_classObjects[cell] > 0) _objects!.Add(cell, _classObjects[cell], weights);
                    _classObjects[cell] = 0;
                }
            }
        }
    }
}
