namespace Ballast;

/// <summary>An image of the demo while it is drawn: what surfaces reflect (12 bits a channel) and which object each pixel shows.</summary>
internal sealed class DemoCanvas(int width, int height)
{
    /// <summary>White.</summary>
    public const int Most = 4095;

    /// <summary>No object: the background.</summary>
    public const short NoObject = -1;

    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Red, green, blue of each pixel, row after row.</summary>
    public int[] Colors { get; } = new int[3 * width * height];

    /// <summary>The object in front at each pixel.</summary>
    public short[] Owners { get; } = Filled(width * height);

    /// <summary>Mixes a colour over a pixel, by 256ths.</summary>
    public void Mix(int x, int y, int red, int green, int blue, int share)
    {
        var at = 3 * ((y * Width) + x);
        Colors[at] += ((red - Colors[at]) * share) >> 8;
        Colors[at + 1] += ((green - Colors[at + 1]) * share) >> 8;
        Colors[at + 2] += ((blue - Colors[at + 2]) * share) >> 8;
    }

    private static short[] Filled(int length)
    {
        var owners = new short[length];
        owners.AsSpan().Fill(NoObject);
        return owners;
    }
}
