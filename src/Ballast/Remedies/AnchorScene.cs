namespace Ballast;

/// <summary>
/// One image as assigners and samplers see it, without a network: anchors laid over the resized image, its objects, and what is made of them. What a network would
/// say stands in by overlap: the loss of background is its IoU with the nearest object, that of an anchor on an object is 1 - IoU, a score is the IoU, a predicted box
/// is the anchor.
/// </summary>
/// <param name="profile">Anchors, assigner and input size.</param>
public sealed class AnchorScene(DetectorProfile profile)
{
    private readonly Candidates _candidates = new();

    /// <summary>Index of the image.</summary>
    public int Image { get; private set; } = -1;

    /// <summary>Size of the image after the resize, pixels.</summary>
    public (int Width, int Height) Resized { get; private set; }

    /// <summary>The anchors that were assigned.</summary>
    public AnchorSet Anchors { get; private set; } = AnchorSet.Of(new BoxArray());

    /// <summary>The image's objects in pixels of the resized image, and the regions to ignore.</summary>
    public Truths Truths { get; } = new();

    /// <summary>What the last assigner decided, an entry for each candidate.</summary>
    public Assignment Assignment { get; } = new();

    /// <summary>Looks at an image.</summary>
    /// <exception cref="InputException">The size of the image is not known.</exception>
    public void Load(DetectionDataset data, int image)
    {
        ArgumentNullException.ThrowIfNull(data);
        var images = data.Images;
        if (!images.HasSize(image)) throw new InputException($"The size of '{images.File(image)}' is not known, so no anchors can be laid over it. Give the folder of the images.");
        Image = image;
        Resized = profile.Input.Resize(images.Width(image), images.Height(image));
        var (x, y) = ((double)Resized.Width / images.Width(image), (double)Resized.Height / images.Height(image));
        Truths.Clear();
        var (start, end) = data.Boxes.Of(image);
        for (var box = start; box < end; box++)
        {
            var corners = data.Boxes.Corners(box, images.Width(image), images.Height(image));
            if (!corners.IsFinite) continue;
            var resized = new Box((float)(corners.X1 * x), (float)(corners.Y1 * y), (float)(corners.X2 * x), (float)(corners.Y2 * y));
            if (!(resized.X2 > resized.X1) || !(resized.Y2 > resized.Y1)) continue;
            if (data.Boxes.IsIgnored(box)) Truths.Ignored.Add(resized);
            else if (data.Boxes.Class(box) >= 0) Truths.Add(resized, data.Boxes.Class(box));
        }
    }

    /// <summary>Assigns the anchors of the profile by its own assigner.</summary>
    public void Assign() => Assign(profile.Assigner);

    /// <summary>Assigns the anchors of the profile; one square anchor a place for the assigners that are made for one.</summary>
    public void Assign(Assigner assigner)
    {
        ArgumentNullException.ThrowIfNull(assigner);
        var options = assigner is AtssAssigner or RegionAssigner ? OneAnchor(profile.Anchors, assigner) : profile.Anchors;
        var padded = profile.Input.Pad(Resized.Width, Resized.Height);
        Anchors = AnchorSet.Of(options.Grid(padded.Width, padded.Height));
        assigner.Assign(Anchors, Truths, Assignment);
    }

    /// <summary>Weighs the candidates that were assigned.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="seed">Seed of what it draws at random; the image counts too.</param>
    /// <returns>[N].</returns>
    public float[] Weigh(Sampler sampler, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        sampler.Validate();
        var weights = new float[Assignment.Count];
        var random = RandomState.Of(seed, step: 0, Image);
        _candidates.Load(Anchors, Truths, Assignment, FillLosses, FillPredictions);
        sampler.Weigh(_candidates, ref random, weights);
        return weights;
    }

    private void FillLosses(Span<float> losses)
    {
        for (var i = 0; i < losses.Length; i++) losses[i] = Assignment.Truths[i] >= 0 ? 1 - Assignment.Overlaps[i] : Assignment.Overlaps[i];
    }

    private void FillPredictions(Span<float> scores, BoxArray boxes)
    {
        Assignment.Overlaps.CopyTo(scores);
        for (var i = 0; i < scores.Length; i++) boxes.Add(Anchors.Boxes[i]);
    }

    /// <summary>A square of eight strides (ATSS), or of the region assigner's scale, on each level.</summary>
    private static AnchorOptions OneAnchor(AnchorOptions options, Assigner assigner)
    {
        var strides = assigner is RegionAssigner region ? region.AnchorScale : 8;
        return options with { Levels = [.. options.Levels.Select(level => level with { Sizes = [strides * level.Stride], Ratios = [1] })] };
    }
}
