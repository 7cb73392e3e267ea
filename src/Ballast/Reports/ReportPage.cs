using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ballast;

/// <summary>
/// The report as one HTML file that needs nothing else: markup, style, scripts and ECharts from this assembly, the data as JSON. Its content-security policy allows
/// these scripts by their hashes and nothing from the network.
/// </summary>
internal static partial class ReportPage
{
    /// <summary>The page's modules, each after those it imports.</summary>
    private static readonly string[] Modules =
        ["text.js", "format.js", "palette.js", "scale.js", "marks.js", "bars.js", "histogram.js", "curves.js", "heat.js", "dots.js", "points.js", "charts.js", "spark.js", "tables.js", "parts.js", "page.js"];

    private static readonly Lazy<string> Shell = new(MakeShell);

    /// <summary>Writes the page into a file, by a temporary name and a rename.</summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static void Write(ReportData data, string path) => AtomicFile.Write(path, stream => Write(data, stream));

    /// <summary>Writes the page as UTF-8.</summary>
    public static void Write(ReportData data, Stream stream)
    {
        const string place = "{{data}}";
        var shell = Shell.Value;
        var at = shell.IndexOf(place, StringComparison.Ordinal);
        stream.Write(Encoding.UTF8.GetBytes(shell, 0, at));
        WriteJson(data, stream);
        stream.Write(Encoding.UTF8.GetBytes(shell, at + place.Length, shell.Length - at - place.Length));
    }

    /// <summary>The default encoder writes &lt; &gt; &amp; quotes and everything beyond ASCII (U+2028 too) as \uXXXX, so no text of the data can end the script element.</summary>
    private static void WriteJson(ReportData data, Stream stream)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default });
        JsonSerializer.Serialize(writer, data, ReportJson.Default.ReportData);
    }

    /// <summary>Everything but the data, made once.</summary>
    private static string MakeShell()
    {
        var style = Resource("report.css");
        var echarts = Resource("echarts.js");
        var page = string.Concat(Modules.Select(Module));
        return Resource("report.html")
            .Replace("{{policy}}", Policy(style, echarts, page), StringComparison.Ordinal)
            .Replace("{{style}}", style, StringComparison.Ordinal)
            .Replace("{{echarts}}", echarts, StringComparison.Ordinal)
            .Replace("{{page}}", page, StringComparison.Ordinal);
    }

    /// <summary>ECharts writes style attributes on the SVG it draws, hence their exception; style elements and scripts are allowed by hash only.</summary>
    private static string Policy(string style, string echarts, string page)
        => $"default-src 'none'; script-src {Hash(echarts)} {Hash(page)}; style-src {Hash(style)}; style-src-attr 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    /// <summary>A module as a value: its imports read the values of others, its exports are what the function returns. So one inline script holds them all.</summary>
    private static string Module(string name)
    {
        var source = Import().Replace(Resource(name), match => $"const {match.Groups["names"].Value} = {Value(match.Groups["file"].Value)};");
        var exports = string.Join(", ", Export().Matches(source).Select(match => match.Groups["name"].Value));
        return $"const {Value(name)} = (() => {{\n{Export().Replace(source, match => match.Value["export ".Length..])}return {{ {exports} }};\n}})();\n";
    }

    private static string Value(string file) => $"module_{Path.GetFileNameWithoutExtension(file)}";

    /// <summary>Line ends are \n, as a browser sees them when it hashes.</summary>
    private static string Resource(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"Ballast.Reports.{name}")
            ?? throw new InvalidOperationException($"The assembly was built without its resource '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    [GeneratedRegex("""^import (?<names>\{[^}]*\}) from "\./(?<file>[a-z]+\.js)";$""", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (?:async )?(?:const|function) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Export();
}
