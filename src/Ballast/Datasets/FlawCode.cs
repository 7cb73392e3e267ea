namespace Ballast;

/// <summary>How much a flaw matters.</summary>
public enum FlawSeverity
{
    /// <summary>Worth knowing; nothing is lost. Strict reading goes on.</summary>
    Note,

    /// <summary>Some tools fail on it or read it otherwise. Strict reading stops.</summary>
    Warning,

    /// <summary>An object or an image cannot be used as it stands. Strict reading stops.</summary>
    Error,
}

/// <summary>
/// A kind of malformed input: its stable code (used in JSON, policies and reports), how much it matters, what it means, and what repair does.
/// </summary>
/// <param name="Code">Stable, kebab-case.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Meaning">One sentence for people.</param>
/// <param name="Repair">What <see cref="FlawPolicy.Repair"/> does about it.</param>
public sealed record FlawCode(string Code, FlawSeverity Severity, string Meaning, string Repair)
{
    /// <summary>A coordinate is NaN, infinite, missing or no number.</summary>
    public static readonly FlawCode BoxNotFinite = new("box-not-finite", FlawSeverity.Error, "A coordinate is missing, not a number or not finite.", "dropped");

    /// <summary>A width or height is negative.</summary>
    public static readonly FlawCode BoxNegativeSize =
        new("box-negative-size", FlawSeverity.Error, "The width or height is negative: corners are swapped.", "corners swapped");

    /// <summary>A width or height is zero.</summary>
    public static readonly FlawCode BoxZeroSize =
        new("box-zero-size", FlawSeverity.Error, "The width or height is zero: no detection can match it.", "dropped");

    /// <summary>A box lies wholly outside its image.</summary>
    public static readonly FlawCode BoxOutsideImage = new("box-outside-image", FlawSeverity.Error, "The box lies wholly outside the image.", "dropped");

    /// <summary>A box reaches over the edge of its image.</summary>
    public static readonly FlawCode BoxPastEdge =
        new("box-past-edge", FlawSeverity.Warning, "The box reaches over the edge of the image.", "clipped to the image");

    /// <summary>A box stands twice.</summary>
    public static readonly FlawCode DuplicateBox =
        new("duplicate-box", FlawSeverity.Warning, "The same box of the same class stands twice on an image.", "all but the first dropped");

    /// <summary>A box names an image that does not exist.</summary>
    public static readonly FlawCode UnknownImage = new("unknown-image", FlawSeverity.Error, "A box names an image that the data set does not have.", "dropped");

    /// <summary>A box names a class that does not exist.</summary>
    public static readonly FlawCode UnknownClass =
        new("unknown-class", FlawSeverity.Error, "A box names a class that the data set does not define.", "dropped");

    /// <summary>An annotation has no id.</summary>
    public static readonly FlawCode AnnotationIdMissing = new("annotation-id-missing", FlawSeverity.Warning, "An annotation has no id.", "numbered");

    /// <summary>An annotation has id 0.</summary>
    public static readonly FlawCode AnnotationIdZero =
        new("annotation-id-zero", FlawSeverity.Warning, "An annotation has id 0: pycocotools counts its match as a false positive.",
            "numbered anew when written");

    /// <summary>Two annotations share an id.</summary>
    public static readonly FlawCode DuplicateAnnotationId =
        new("duplicate-annotation-id", FlawSeverity.Warning, "Two annotations share an id: pycocotools loses the first.", "numbered anew when written");

    /// <summary>COCO iscrowd is missing.</summary>
    public static readonly FlawCode IsCrowdMissing =
        new("iscrowd-missing", FlawSeverity.Note, "iscrowd is missing: read as 0; pycocotools stops with a KeyError.", "read as 0");

    /// <summary>COCO area is missing.</summary>
    public static readonly FlawCode AreaMissing =
        new("area-missing", FlawSeverity.Note, "area is missing: width x height is used; pycocotools stops with a KeyError.", "width x height used");

    /// <summary>A number is written as text.</summary>
    public static readonly FlawCode NumberAsText = new("number-as-text", FlawSeverity.Warning, "A number is written as text.", "read as the number");

    /// <summary>An id is text.</summary>
    public static readonly FlawCode TextId =
        new("text-id", FlawSeverity.Note, "An id is text, not a whole number: pycocotools fails when both kinds are mixed.", "kept as text");

    /// <summary>Two images share an id.</summary>
    public static readonly FlawCode DuplicateImageId =
        new("duplicate-image-id", FlawSeverity.Error, "Two images share an id: boxes go to the first.", "boxes go to the first");

    /// <summary>An image has no id.</summary>
    public static readonly FlawCode ImageIdMissing =
        new("image-id-missing", FlawSeverity.Error, "An image has no id: no box can name it.", "kept as an image without boxes");

    /// <summary>Two images name the same file.</summary>
    public static readonly FlawCode DuplicateImageFile = new("duplicate-image-file", FlawSeverity.Warning, "Two images name the same file.", "none");

    /// <summary>An image's file is not found.</summary>
    public static readonly FlawCode ImageMissing = new("image-missing", FlawSeverity.Error, "The image's file is not found.", "none");

    /// <summary>An image cannot be decoded.</summary>
    public static readonly FlawCode ImageUnreadable =
        new("image-unreadable", FlawSeverity.Error, "The image's file is no image, or its header is damaged.", "none");

    /// <summary>An image's data end early.</summary>
    public static readonly FlawCode ImageTruncated =
        new("image-truncated", FlawSeverity.Warning, "The image's data end early.", "none; the file is not rewritten");

    /// <summary>An image's header claims too many pixels.</summary>
    public static readonly FlawCode ImageTooLarge =
        new("image-too-large", FlawSeverity.Error, "The image's header claims more pixels than allowed; it was not decoded.", "none");

    /// <summary>The annotations give another size than the image has.</summary>
    public static readonly FlawCode ImageSizeMismatch =
        new("image-size-mismatch", FlawSeverity.Warning, "The annotations give another size than the image has.", "none");

    /// <summary>The annotations give no size and the image is not there.</summary>
    public static readonly FlawCode ImageSizeMissing =
        new("image-size-missing", FlawSeverity.Error, "The size of the image is not known.", "read from the image when it is found");

    /// <summary>EXIF turns the image.</summary>
    public static readonly FlawCode ImageRotated =
        new("image-rotated", FlawSeverity.Note, "EXIF turns the image; some tools ignore that.", "orientation applied");

    /// <summary>An image is smaller than ten pixels.</summary>
    public static readonly FlawCode ImageTiny =
        new("image-tiny", FlawSeverity.Warning, "A side of the image is under 10 pixels; ultralytics drops it.", "none");

    /// <summary>Two classes share a name.</summary>
    public static readonly FlawCode DuplicateClassName = new("duplicate-class-name", FlawSeverity.Warning, "Two classes share a name.", "none");

    /// <summary>Two classes share an id.</summary>
    public static readonly FlawCode DuplicateClassId =
        new("duplicate-class-id", FlawSeverity.Error, "Two classes share an id: boxes go to the first.", "boxes go to the first");

    /// <summary>A class has no id.</summary>
    public static readonly FlawCode ClassIdMissing = new("class-id-missing", FlawSeverity.Error, "A class has no id: no box can name it.", "numbered");

    /// <summary>A class has no name.</summary>
    public static readonly FlawCode ClassNameMissing = new("class-name-missing", FlawSeverity.Warning, "A class has no name.", "its id is its name");

    /// <summary>Number of classes and number of names differ.</summary>
    public static readonly FlawCode ClassCountMismatch =
        new("class-count-mismatch", FlawSeverity.Warning, "The number of classes and the number of names differ.", "the names decide");

    /// <summary>A root category without boxes above all others.</summary>
    public static readonly FlawCode RootClass =
        new("root-class", FlawSeverity.Note, "A category without boxes is the supercategory of the others (Roboflow's root).", "left out of the classes");

    /// <summary>A file starts with a byte order mark.</summary>
    public static readonly FlawCode ByteOrderMark =
        new("byte-order-mark", FlawSeverity.Note, "The file starts with a byte order mark; several tools fail on it.", "skipped");

    /// <summary>A file cannot be read as its format.</summary>
    public static readonly FlawCode FileMalformed =
        new("file-malformed", FlawSeverity.Error, "The file cannot be read as its format; the others are read.", "none");

    /// <summary>A line of a file cannot be read.</summary>
    public static readonly FlawCode LineMalformed =
        new("line-malformed", FlawSeverity.Error, "The line cannot be read as an annotation; the others are read.", "dropped");

    /// <summary>An image has no label file.</summary>
    public static readonly FlawCode LabelMissing =
        new("label-missing", FlawSeverity.Note, "The image has no label file: read as an image without objects.", "none");

    /// <summary>A label file has no image.</summary>
    public static readonly FlawCode LabelWithoutImage =
        new("label-without-image", FlawSeverity.Warning, "The label file has no image: it was not read.", "none");

    /// <summary>A polygon is read as the box around it.</summary>
    public static readonly FlawCode PolygonHull = new("polygon-hull", FlawSeverity.Note, "A polygon is read as the box around it.", "none");

    /// <summary>A label has a sixth column.</summary>
    public static readonly FlawCode ConfidenceColumn =
        new("confidence-column", FlawSeverity.Note, "The label has a sixth column, a confidence: these are predictions, or labels made from them.",
            "column left out");

    /// <summary>The annotation names another file than its own name says.</summary>
    public static readonly FlawCode FileNameMismatch =
        new("file-name-mismatch", FlawSeverity.Warning, "The annotation names another image than its own file name says.", "none");

    /// <summary>A maximum equals the image's size.</summary>
    public static readonly FlawCode TouchesEdge =
        new("touches-edge", FlawSeverity.Note, "A maximum equals the image's size: coordinates are exclusive, or 1-based.", "none");

    /// <summary>A path leads outside.</summary>
    public static readonly FlawCode OutsidePath =
        new("outside-path", FlawSeverity.Error, "A path leads outside the data set and its image folders; it was not read.", "none; --allow-outside reads it");

    /// <summary>A configuration names a folder or file that is not there.</summary>
    public static readonly FlawCode PartMissing =
        new("part-missing", FlawSeverity.Warning, "The configuration names a folder or file that is not there.", "none");

    /// <summary>A data.yaml holds a download key.</summary>
    public static readonly FlawCode DownloadKey =
        new("download-key", FlawSeverity.Note, "The yaml holds a download key, which other tools run as code; it was not run.", "ignored");

    /// <summary>Decimal commas.</summary>
    public static readonly FlawCode DecimalComma =
        new("decimal-comma", FlawSeverity.Warning, "A number is written with a decimal comma.", "read as the number");

    /// <summary>A flag is empty.</summary>
    public static readonly FlawCode FlagEmpty = new("flag-empty", FlawSeverity.Note, "A flag is empty: read as unknown.", "read as not set");

    /// <summary>The same image stands in two parts.</summary>
    public static readonly FlawCode LeakedImage =
        new("leaked-image", FlawSeverity.Error, "The same image stands in two parts: validation is not honest.", "none");

    private static readonly Lazy<IReadOnlyList<FlawCode>> Catalogue = new(() =>
        [.. typeof(FlawCode).GetFields().Where(f => f.IsStatic && f.FieldType == typeof(FlawCode)).Select(f => (FlawCode)f.GetValue(null)!)]);

    /// <summary>Every kind of flaw.</summary>
    public static IReadOnlyList<FlawCode> All => Catalogue.Value;
}
