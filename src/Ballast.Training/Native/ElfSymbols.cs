using System.Buffers.Binary;
using System.Text;

namespace Ballast.Training;

/// <summary>The names that a 64-bit ELF library offers and asks for (its section .dynsym).</summary>
internal static class ElfSymbols
{
    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;
    private const uint DynamicSymbols = 11;
    private const uint SymbolVersions = 0x6fffffff;
    private const int SizeLimit = 1 << 30;
    private const int Weak = 2;

    /// <summary>The names that it defines.</summary>
    /// <exception cref="InputException">It is no such library.</exception>
    public static HashSet<string> Defined(string path) => Names(path, (section, weak, version) => section != 0);

    /// <summary>
    /// The names that it needs from libraries without versions: those of the C and C++ libraries have one, libtorch's have none. Weak ones may be missing.
    /// </summary>
    /// <exception cref="InputException">It is no such library.</exception>
    public static HashSet<string> Unversioned(string path) => Names(path, (section, weak, version) => section == 0 && !weak && (version & 0x7fff) <= 1);

    private static HashSet<string> Names(string path, Func<ushort, bool, ushort, bool> wanted)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Names(new Sections(file), wanted);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentOutOfRangeException or OverflowException)
        {
            throw new InputException($"'{path}' is no library whose functions can be listed: {e.Message}", e);
        }
    }

    private static HashSet<string> Names(Sections sections, Func<ushort, bool, ushort, bool> wanted)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (sections.Find(DynamicSymbols) is not { } table) throw new InvalidDataException("it has no dynamic symbols.");
        var (symbols, texts) = (sections.Read(table), sections.Read(sections.At((int)table.Link)));
        var versions = sections.Find(SymbolVersions) is { } versionTable ? sections.Read(versionTable) : [];
        for (var i = 0; i < symbols.Length / SymbolBytes; i++)
        {
            var symbol = symbols.AsSpan(i * SymbolBytes, SymbolBytes);
            var version = versions.Length >= (i + 1) * 2 ? BinaryPrimitives.ReadUInt16LittleEndian(versions.AsSpan(i * 2)) : (ushort)1;
            if (!wanted(BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]), symbol[4] >> 4 == Weak, version)) continue;
            var text = texts.AsSpan((int)BinaryPrimitives.ReadUInt32LittleEndian(symbol));
            var end = text.IndexOf((byte)0);
            if (end > 0) names.Add(Encoding.ASCII.GetString(text[..end]));
        }

        return names;
    }

    private readonly record struct Section(uint Type, ulong Offset, ulong Size, uint Link);

    /// <summary>The table of sections; only those asked for are read, since libtorch has half a gigabyte.</summary>
    private sealed class Sections
    {
        private readonly FileStream _file;
        private readonly byte[] _table;

        public Sections(FileStream file)
        {
            _file = file;
            var header = Read(0, 64);
            if (!header.AsSpan().StartsWith("\x7F"u8) || !header.AsSpan(1).StartsWith("ELF\x02\x01"u8)) throw new InvalidDataException("it is no 64-bit ELF library.");
            var count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(60));
            _table = Read(BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(40)), (ulong)count * SectionBytes);
        }

        public Section At(int index)
        {
            var entry = _table.AsSpan(checked(index * SectionBytes), SectionBytes);
            return new(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]));
        }

        public Section? Find(uint type)
        {
            for (var i = 0; i < _table.Length / SectionBytes; i++)
            {
                if (At(i).Type == type) return At(i);
            }

            return null;
        }

        public byte[] Read(Section section) => Read(section.Offset, section.Size);

        private byte[] Read(ulong offset, ulong size)
        {
            if (size > SizeLimit || offset > (ulong)_file.Length || size > (ulong)_file.Length - offset) throw new InvalidDataException("it was cut off.");
            var bytes = new byte[size];
            _file.Position = (long)offset;
            _file.ReadExactly(bytes);
            return bytes;
        }
    }
}
