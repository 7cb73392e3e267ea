namespace Ballast.Cli;

/// <summary>Numbers of things.</summary>
internal static class Plural
{
    /// <summary>"1 image", "1,200 images".</summary>
    public static string Of(long count, string one, string many) => $"{count:N0} {(count == 1 ? one : many)}";
}
