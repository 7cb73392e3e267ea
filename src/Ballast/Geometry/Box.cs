namespace Ballast;

/// <summary>
/// An axis-aligned box in pixels. Coordinates are continuous: the box covers [X1, X2) x [Y1, Y2), its width is X2 - X1 (no "+1"), and a pixel at
/// column c covers [c, c + 1).
/// </summary>
/// <param name="X1">Left edge, pixels.</param>
/// <param name="Y1">Top edge, pixels.</param>
/// <param name="X2">Right edge, pixels, exclusive.</param>
/// <param name="Y2">Bottom edge, pixels, exclusive.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>X2 - X1, pixels; negative when the corners are swapped.</summary>
    public float Width => X2 - X1;

    /// <summary>Y2 - Y1, pixels; negative when the corners are swapped.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Width x height, square pixels, as torchvision and mmdetection compute it (never clamped).</summary>
    public float Area => Width * Height;

    /// <summary>Horizontal centre, pixels.</summary>
    public float CenterX => (X1 + X2) * 0.5f;

    /// <summary>Vertical centre, pixels.</summary>
    public float CenterY => (Y1 + Y2) * 0.5f;

    /// <summary>Whether the box has a positive width and height and finite corners.</summary>
    public bool IsValid => X2 > X1 && Y2 > Y1 && float.IsFinite(X1) && float.IsFinite(Y1) && float.IsFinite(X2) && float.IsFinite(Y2);

    /// <summary>The box with every corner moved into an image; without area when it lies outside.</summary>
    /// <param name="width">Image width, pixels.</param>
    /// <param name="height">Image height, pixels.</param>
    public Box Clip(float width, float height)
        => new(Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height), Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));
}
