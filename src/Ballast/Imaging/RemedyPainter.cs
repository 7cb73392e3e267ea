namespace Ballast;

/// <summary>How much each candidate of an image counts for the gradient of a classification loss.</summary>
/// <param name="isObject">[N]: whether the candidate is an object; else background.</param>
/// <param name="probabilities">[N]: the probability of an object that each candidate is given.</param>
/// <param name="weights">[N]: receives |dL/dz|.</param>
public delegate void CandidateGradients(ReadOnlySpan<bool> isObject, ReadOnlySpan<float> probabilities, Span<float> weights);

/// <summary>
/// Paints what a remedy makes of images, without a network: which anchors an assigner takes, what samplers pick from the same candidates, where the gradient of a
/// classification loss comes from, the pyramid level of each box. Captions under the pictures say what is seen and what stands in for what a network would say.
/// </summary>
public sealed partial class RemedyPainter
{
    /// <summary>Longer side of a picture where none is asked for, pixels.</summary>
    private const int UsualSide = 800;

    private const int DimPercent = 90;

    private readonly DetectionDataset _data;
    private readonly DetectorProfile _profile;
    private readonly PaintOptions _options;
    private readonly Remedy _remedy;
    private readonly CandidateGradients? _gradients;

    /// <summary>Makes a painter.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="profile">Anchors, assigner and input size.</param>
    /// <param name="remedy">What to paint; <see cref="CanPaint"/> says which.</param>
    /// <param name="options">Sizes; labels and legend do not apply.</param>
    /// <param name="gradients">For classification losses: computes the gradient of the remedy.</param>
    /// <exception cref="InputException">The remedy cannot be seen on an image.</exception>
    public RemedyPainter(DetectionDataset data, DetectorProfile profile, Remedy remedy, PaintOptions? options = null, CandidateGradients? gradients = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(remedy);
        if (!CanPaint(remedy))
            throw new InputException($"'{remedy.Kind}' ({remedy.Family.Name}) cannot be seen on an image; these can: {string.Join(", ", Paintable.Select(each => each.Kind))}.");
        if (IsLoss(remedy) && gradients is null) throw new InputException($"'{remedy.Kind}' is a classification loss; give what computes its gradient.");
        options ??= new();
        _options = options with { MaxSide = options.MaxSide == 0 ? UsualSide : options.MaxSide };
        (_data, _profile, _remedy, _gradients) = (data, profile, remedy, gradients);
    }

    /// <summary>The remedies that can be seen on an image.</summary>
    public static IEnumerable<Remedy> Paintable => Remedies.All.Where(CanPaint);

    /// <summary>Whether a remedy can be seen on an image.</summary>
    public static bool CanPaint(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return remedy.Family == RemedyFamily.Assigner || remedy.Family == RemedyFamily.Sampler || IsLevels(remedy) || IsLoss(remedy);
    }

    /// <summary>Whether painting needs <see cref="CandidateGradients"/>: a loss that acts on foreground against background, candidate by candidate.</summary>
    public static bool IsLoss(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        return remedy.Family == RemedyFamily.ClassificationLoss && remedy.Imbalance == Imbalance.ClassBackground && remedy.Kind != "ap";
    }

    /// <summary>Paints an image.</summary>
    /// <returns>The picture, or null when the image's file is not found.</returns>
    /// <exception cref="InputException">The file cannot be read or decoded.</exception>
    public Pixels? Paint(int image) => BoxPainter.Decode(_data, image, _options) is { } decoded ? Paint(image, decoded) : null;

    /// <summary>Paints on pixels that are already decoded; the pixels given stay as they are.</summary>
    public Pixels Paint(int image, DecodedImage decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        var scene = new AnchorScene(_profile);
        scene.Load(_data, image);
        var picture = BoxPainter.Enlarge(decoded.Pixels, _options.MaxSide);
        var frame = BoxFrame.For(_data.Images, image, decoded.Header, picture.Width, picture.Height);
        return PictureSheet.Of(Dimmed(picture), Panels(new(scene, frame)));
    }

    /// <summary>Paints images into a folder, as <see cref="BoxPainter"/> does; pictures are PNG files named after image and remedy.</summary>
    public PaintedImages Write(IReadOnlyList<int> images, string folder, IProgress<double>? progress = null, CancellationToken cancellation = default)
        => new BoxPainter(_data, _options).Write(images, folder, Paint, $"-{_remedy.Kind}", ImageCodec.Png, progress, cancellation);

    private static bool IsLevels(Remedy remedy) => remedy.Family == RemedyFamily.Neck || remedy.Family == RemedyFamily.RoIExtractor;

    private List<PicturePanel> Panels(PaintedScene scene)
    {
        if (_remedy.Family == RemedyFamily.Assigner) return AssignerPanels(scene);
        if (_remedy.Family == RemedyFamily.Sampler) return SamplerPanels(scene);
        return IsLoss(_remedy) ? LossPanels(scene) : [LevelPanel(scene)];
    }

    /// <summary>Darker, so that lines stand out from the image.</summary>
    private static Pixels Dimmed(Pixels picture)
    {
        var dimmed = Pixels.Uninitialized(picture.Width, picture.Height);
        picture.Bytes.CopyTo(dimmed.Bytes);
        Drawing.Fill(dimmed, new(0, 0, dimmed.Width, dimmed.Height), PaintStyle.Dark, DimPercent);
        return dimmed;
    }
}
