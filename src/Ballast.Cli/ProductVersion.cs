using System.Reflection;

namespace Ballast.Cli;

/// <summary>This version.</summary>
internal static class ProductVersion
{
    /// <summary>As the build set it: 0.1.0.</summary>
    public static string Text => typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
