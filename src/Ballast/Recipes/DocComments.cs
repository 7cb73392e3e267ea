using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ballast;

/// <summary>The doc comments of an assembly, as text: what the source says about a type or member can be shown to whoever runs the program.</summary>
public sealed partial class DocComments
{
    private readonly Dictionary<string, string> _summaries;

    private DocComments(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the file of comments that lies beside an assembly.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static DocComments Of(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        try
        {
            var members = XDocument.Load(path).Descendants("member");
            return new(members.ToDictionary(member => (string)member.Attribute("name")!, member => Text(member.Element("summary"))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Xml.XmlException)
        {
            throw new InputException($"'{path}' cannot be read, which holds what options mean; install the program again, with its .xml files: {e.Message}", e);
        }
    }

    /// <summary>The summary of a type or property; empty where it has none.</summary>
    public string Summary(MemberInfo member)
    {
        ArgumentNullException.ThrowIfNull(member);
        var name = member is Type type ? $"T:{type.FullName}" : $"P:{member.DeclaringType!.FullName}.{member.Name}";
        return _summaries.GetValueOrDefault(name, "");
    }

    private static string Text(XElement? summary)
        => summary is null ? "" : Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    /// <summary>A reference reads as the last part of the name it leads to.</summary>
    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference => ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? "").Split('.', ':')[^1],
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
