namespace Ballast;

/// <summary>Where objects of a class of the demo stand.</summary>
internal enum DemoPlace
{
    Clustered,
    Anywhere,
    LowerHalf,
    Center,
    UpperThird,
    Edge,
}

/// <summary>A class of the demo data set. Every imbalance is made on purpose and differs from class to class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">Objects in 300 images.</param>
/// <param name="Least">Smallest size, pixels in an image 480 high.</param>
/// <param name="Most">Largest size.</param>
/// <param name="Place">Where its objects stand.</param>
/// <param name="Shape">Its outline.</param>
/// <param name="Texture">Its look inside the outline.</param>
/// <param name="Color">Its usual colour, red, green, blue.</param>
internal sealed record DemoClass(string Name, int Count, int Least, int Most, DemoPlace Place, DemoOutline Shape, DemoTexture Texture, (int R, int G, int B) Color)
{
    /// <summary>All classes, frequent first: about 100 : 1 from the first to the last.</summary>
    public static IReadOnlyList<DemoClass> All { get; } =
    [
        new("ball", 1230, 18, 58, DemoPlace.Clustered, DemoOutlines.Disc, DemoTextures.Ball, (226, 112, 38)),
        new("crate", 420, 56, 150, DemoPlace.Anywhere, DemoOutlines.Square, DemoTextures.Crate, (158, 112, 66)),
        new("sign", 160, 80, 190, DemoPlace.LowerHalf, DemoOutlines.Triangle, DemoTextures.Sign, (238, 190, 30)),
        new("ring", 70, 90, 180, DemoPlace.Center, DemoOutlines.Ring, DemoTextures.Ring, (150, 168, 190)),
        new("cross", 30, 30, 66, DemoPlace.UpperThird, DemoOutlines.Cross, DemoTextures.Cross, (206, 38, 44)),
        new("star", 12, 13, 24, DemoPlace.Edge, DemoOutlines.Star, DemoTextures.Star, (186, 66, 200)),
    ];
}
