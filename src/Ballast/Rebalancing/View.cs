using System.Text.Json.Serialization;

namespace Ballast;

/// <summary>A part of an image, placed on a view's canvas.</summary>
public sealed record Layer
{
    private readonly float _opacity = 1;
    private readonly float _feather;

    /// <summary>The image's index in its data set.</summary>
    public required int Image { get; init; }

    /// <summary>The part that is shown; null for all of it.</summary>
    public PixelWindow? Window { get; init; }

    /// <summary>From pixels of the image to pixels of the canvas.</summary>
    public Homography Matrix { get; init; } = Homography.Identity;

    /// <summary>0 shows what lies below, 1 covers it.</summary>
    public float Opacity
    {
        get => _opacity;
        init => _opacity = value is >= 0 and <= 1 ? value : throw new InputException($"Layer.Opacity is {value}; it must be 0 to 1.");
    }

    /// <summary>Over this many pixels of the image from the window's edge, opacity grows from 0; 0 for a hard edge.</summary>
    public float FeatherPixels
    {
        get => _feather;
        init => _feather = value is >= 0 and < 1e6f ? value : throw new InputException($"Layer.FeatherPixels is {value}; it must be 0 or more.");
    }
}

/// <summary>
/// An image of training that is put together when it is needed: layers on a canvas, then operations on the pixels. An image of a data set is the identity view of
/// itself; a rebalanced data set is a list of views.
/// </summary>
public sealed record View
{
    /// <summary>The least that must be seen of an object for it to stay one; what shows less is left out of training.</summary>
    public const double DefaultVisibleFraction = 0.3;

    private readonly int _width;
    private readonly int _height;
    private readonly double _visible = DefaultVisibleFraction;

    /// <summary>Width of the canvas, pixels; 0 for the size of the only layer's image.</summary>
    public int Width { get => _width; init => _width = Side(value, nameof(Width)); }

    /// <summary>Height of the canvas, pixels; 0 for the size of the only layer's image.</summary>
    public int Height { get => _height; init => _height = Side(value, nameof(Height)); }

    /// <summary>The canvas before anything is drawn: red, green and blue; ImageNet's mean unless said otherwise.</summary>
    public Values<byte> Fill { get; init; } = [124, 116, 104];

    /// <summary>What is drawn, from below.</summary>
    public required Values<Layer> Layers { get; init; }

    /// <summary>What is done to the pixels, in order.</summary>
    public Values<PixelOperation> Operations { get; init; } = [];

    /// <summary>An object of which a smaller share of the area is seen becomes a region to ignore, in [0, 1].</summary>
    public double VisibleFraction
    {
        get => _visible;
        init => _visible = value is >= 0 and <= 1 ? value : throw new InputException($"View.VisibleFraction is {value}; it must be a fraction from 0 to 1.");
    }

    /// <summary>The image that names the view and draws its random numbers: that of the lowest layer.</summary>
    [JsonIgnore]
    public int Image => Layers[0].Image;

    /// <summary>Whether it is an image of the data set as it is.</summary>
    [JsonIgnore]
    public bool IsIdentity => Width == 0 && Height == 0 && Operations.Count == 0 && Layers is [{ Window: null, Opacity: 1, FeatherPixels: 0 } layer]
        && layer.Matrix == Homography.Identity;

    /// <summary>An image of a data set as it is.</summary>
    public static View Of(int image) => new() { Layers = [new() { Image = image }] };

    /// <summary>Checks what only the values together can be wrong in.</summary>
    /// <exception cref="InputException">There is no layer, or the canvas has no size though it is not one image as it is.</exception>
    public void Validate()
    {
        if (Layers.Count == 0) throw new InputException("View: there are no layers; a view shows at least one image.");
        if (Fill.Count != 3) throw new InputException($"View.Fill has {Fill.Count} numbers; it must be red, green and blue.");
        if ((Width == 0) != (Height == 0) || (Width == 0 && !(this with { Operations = [] }).IsIdentity))
            throw new InputException($"View: the canvas is {Width} x {Height} pixels; give both sides unless the view is one image as it is.");
    }

    /// <summary>Draws the view.</summary>
    /// <param name="decode">Decodes an image of the data set; what it returns may be changed.</param>
    public Pixels Render(Func<int, Pixels> decode)
    {
        ArgumentNullException.ThrowIfNull(decode);
        Validate();
        var canvas = Width == 0 ? decode(Image) : Canvas();
        if (Width > 0)
        {
            foreach (var layer in Layers) Draw(layer, decode(layer.Image), canvas);
        }

        foreach (var operation in Operations) operation.Apply(canvas);
        return canvas;
    }

    /// <summary>The objects that are seen, and where.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="size">The size of an image of the data set, pixels.</param>
    /// <param name="truths">Receives them, in pixels of the canvas; emptied first.</param>
    public void Truths(DetectionDataset data, Func<int, (int Width, int Height)> size, Truths truths)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(truths);
        truths.Clear();
        for (var i = 0; i < Layers.Count; i++) new ViewTruths(this, i, data, size).AddTo(truths);
    }

    private Pixels Canvas()
    {
        var canvas = new Pixels(Width, Height);
        var fill = Fill[0] | ((uint)Fill[1] << 8) | ((uint)Fill[2] << 16) | 0xFF000000;
        for (var y = 0; y < Height; y++) canvas.Words(y).Fill(fill);
        return canvas;
    }

    /// <summary>An image that is drawn much smaller is averaged first: bilinear looks at four pixels only.</summary>
    private static void Draw(Layer layer, Pixels image, Pixels canvas)
    {
        var window = layer.Window?.ToBox() ?? new Box(0, 0, image.Width, image.Height);
        var (matrix, feather) = (layer.Matrix, layer.FeatherPixels);
        var scale = matrix.ScaleAt(window);
        if (scale < 0.75)
        {
            image = image.Crop((int)window.X1, (int)window.Y1, (int)window.Width, (int)window.Height);
            var smaller = Resample.To(image, Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
            matrix = Homography.Scale((double)image.Width / smaller.Width, (double)image.Height / smaller.Height).Then(Homography.Move(window.X1, window.Y1)).Then(matrix);
            (image, window, feather) = (smaller, new(0, 0, smaller.Width, smaller.Height), (float)(feather * scale));
        }

        Warp.Draw(image, window, matrix, canvas, layer.Opacity, feather);
    }

    private static int Side(int value, string name)
        => value is >= 0 and <= 65536 ? value : throw new InputException($"View.{name} is {value}; it must be 0 to 65536 pixels.");
}
