using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ballast;

/// <summary>
/// A value of a YAML file: a scalar as text, a list, or a map. Read from the parser's events with limits on size, depth, nodes and aliases, so that no
/// file can make it recurse deeply or grow; tags are ignored and nothing is ever made from them.
/// </summary>
internal sealed class YamlValue
{
    private const int LargestFile = 16 << 20;
    private const int MostDepth = 16;
    private const int MostNodes = 1_000_000;
    private const int MostAliases = 100;

    /// <summary>The text of a scalar; null for a list or map.</summary>
    public string? Text { get; private init; }

    /// <summary>The items of a list; null for others.</summary>
    public IReadOnlyList<YamlValue>? Items { get; private init; }

    /// <summary>The entries of a map in file order; null for others.</summary>
    public IReadOnlyList<(string Key, YamlValue Value)>? Entries { get; private init; }

    /// <summary>Line in the file, from 1.</summary>
    public long Line { get; private init; }

    /// <summary>The value of a key of a map, or null; the last when it stands twice.</summary>
    public YamlValue? this[string key] => Entries?.LastOrDefault(entry => entry.Key == key).Value;

    /// <summary>Reads a file whose content is a map.</summary>
    /// <exception cref="InputException">It is no YAML, no map, or beyond a limit.</exception>
    public static YamlValue ReadMap(FileTree tree, string path)
    {
        if (tree.Length(path) > LargestFile)
            throw new InputException($"'{tree.Display(path)}' is larger than {LargestFile >> 20} MB; no configuration of a data set is.");
        try
        {
            using var text = new StreamReader(tree.OpenForward(path));
            var parser = new Parser(text);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) throw new InputException($"'{tree.Display(path)}' is empty; a map with the key 'names' is expected.");
            parser.Consume<DocumentStart>();
            var value = new Reader(parser, tree.Display(path)).Read(0);
            return value.Entries is not null ? value : throw new InputException($"'{tree.Display(path)}' holds no map of keys; the key 'names' is expected.");
        }
        catch (YamlException e)
        {
            throw new InputException($"'{tree.Display(path)}' line {e.Start.Line} is no YAML: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // What the parser throws for some malformed files (fuzzing found an unfinished plain scalar in a flow list).
            throw new InputException($"'{tree.Display(path)}' is no YAML: its brackets, quotes or indentation do not match.", e);
        }
    }

    private sealed class Reader(IParser parser, string name)
    {
        private readonly Dictionary<string, YamlValue> _anchors = new(StringComparer.Ordinal);
        private int _nodes;
        private int _aliases;

        public YamlValue Read(int depth)
        {
            if (depth > MostDepth) throw Refuse($"is nested deeper than {MostDepth} levels");
            if (++_nodes > MostNodes) throw Refuse($"holds more than {MostNodes} values");
            if (parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias);
            var line = parser.Current?.Start.Line ?? 0;
            if (parser.TryConsume<Scalar>(out var scalar)) return Keep(scalar.Anchor, new() { Text = scalar.Value, Line = line });
            if (parser.TryConsume<SequenceStart>(out var list)) return Keep(list.Anchor, new() { Items = ReadList(depth), Line = line });
            return Keep(parser.Consume<MappingStart>().Anchor, new() { Entries = ReadEntries(depth), Line = line });
        }

        private List<YamlValue> ReadList(int depth)
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Read(depth + 1));
            return items;
        }

        private List<(string Key, YamlValue Value)> ReadEntries(int depth)
        {
            var entries = new List<(string, YamlValue)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = Read(depth + 1);
                entries.Add((key.Text ?? "", Read(depth + 1)));
            }

            return entries;
        }

        /// <summary>An alias is the value itself, not a copy of it: a bomb of aliases stays as small as its text.</summary>
        private YamlValue Resolve(AnchorAlias alias)
        {
            if (++_aliases > MostAliases) throw Refuse($"holds more than {MostAliases} aliases");
            return _anchors.TryGetValue(alias.Value.Value, out var value)
                ? value
                : throw Refuse($"names the anchor '{alias.Value.Value}' before it is defined");
        }

        private YamlValue Keep(AnchorName anchor, YamlValue value)
        {
            if (!anchor.IsEmpty) _anchors[anchor.Value] = value;
            return value;
        }

        private InputException Refuse(string why) => new($"'{name}' line {parser.Current?.Start.Line ?? 0} {why}; no configuration of a data set does.");
    }
}
