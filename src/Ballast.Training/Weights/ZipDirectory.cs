using System.Buffers.Binary;
using System.Text;

namespace Ballast.Training;

/// <summary>
/// The directory of a zip archive whose entries are stored as they are, which is how PyTorch writes them. Compressed entries are refused: with them a small
/// file could claim any amount of memory.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndBytes = 22;
    private const int CommentLimit = 65535;
    private const int LocatorBytes = 20;
    private const int EntryBytes = 46;
    private const int LocalBytes = 30;
    private const int DirectoryLimit = 1 << 28;
    private const uint Full32 = 0xFFFFFFFF;
    private const ushort Full16 = 0xFFFF;
    private const ushort Encrypted = 1;

    private readonly WeightsSource _source;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the directory.</summary>
    /// <exception cref="InputException">It is cut off or breaks a rule of the format.</exception>
    public ZipDirectory(WeightsSource source)
    {
        _source = source;
        var (offset, length) = Locate();
        if (length > DirectoryLimit) throw source.Damaged($"its directory claims {length} bytes");
        ReadEntries(source.Read(offset, length));
    }

    /// <summary>The names of its entries.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>The place of an entry's bytes in the file; null when there is no such entry.</summary>
    /// <exception cref="InputException">The entry is compressed, encrypted or lies outside of the file.</exception>
    public (long Start, long Length)? Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry)) return null;
        if (entry.Method != 0 || entry.Length != entry.Stored || (entry.Flags & Encrypted) != 0)
            throw new InputException($"'{_source.Name}': '{name}' is compressed or encrypted; PyTorch stores weights as they are. "
                + "Save it again with torch.save.");
        var local = _source.Read(entry.Offset, LocalBytes);
        if (!local.AsSpan().StartsWith("PK\x03\x04"u8)) throw _source.Damaged($"'{name}' does not begin where its directory says");
        var start = entry.Offset + LocalBytes + Read16(local, 26) + Read16(local, 28);
        if (start > _source.Length || entry.Length > _source.Length - start) throw _source.Damaged($"'{name}' goes on after the end of the file");
        return (start, entry.Length);
    }

    private (long Offset, long Length) Locate()
    {
        var tail = _source.Read(Math.Max(0, _source.Length - EndBytes - CommentLimit), Math.Min(_source.Length, EndBytes + CommentLimit));
        var end = tail.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end > tail.Length - EndBytes) throw _source.Damaged("it is a zip archive without its end, so it was cut off");
        var (length, offset) = (Read32(tail, end + 12), Read32(tail, end + 16));
        return length == Full32 || offset == Full32 || Read16(tail, end + 10) == Full16 ? LocateLarge(_source.Length - tail.Length + end) : (offset, length);
    }

    /// <summary>Zip64: archives of 4 GiB or 65,535 entries and more say where their directory lies in a record of its own.</summary>
    private (long Offset, long Length) LocateLarge(long end)
    {
        var locator = _source.Read(end - LocatorBytes, LocatorBytes);
        if (!locator.AsSpan().StartsWith("PK\x06\x07"u8)) throw _source.Damaged("its directory is said to be large and is nowhere");
        var record = _source.Read(Read64(locator, 8), 56);
        if (!record.AsSpan().StartsWith("PK\x06\x06"u8)) throw _source.Damaged("its directory is said to be large and is nowhere");
        return (Read64(record, 48), Read64(record, 40));
    }

    private void ReadEntries(ReadOnlySpan<byte> directory)
    {
        while (directory.Length >= EntryBytes)
        {
            if (!directory.StartsWith("PK\x01\x02"u8)) throw _source.Damaged("its directory has an entry that is none");
            var (name, extra, comment) = (Read16(directory, 28), Read16(directory, 30), Read16(directory, 32));
            if (directory.Length < EntryBytes + name + extra + comment) break;
            var entry = new Entry(Read16(directory, 8), Read16(directory, 10), Read32(directory, 20), Read32(directory, 24), Read32(directory, 42));
            var text = Encoding.UTF8.GetString(directory.Slice(EntryBytes, name));
            if (!_entries.TryAdd(text, Widen(entry, directory.Slice(EntryBytes + name, extra)))) throw _source.Damaged($"it has '{text}' twice");
            directory = directory[(EntryBytes + name + extra + comment)..];
        }

        if (directory.Length > 0) throw _source.Damaged("its directory ends in the middle of an entry");
    }

    /// <summary>Numbers of 4 GiB and more stand in the extra field, in this order, those alone that did not fit.</summary>
    private Entry Widen(Entry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var (kind, size) = (Read16(extra, 0), Read16(extra, 2));
            if (size > extra.Length - 4) break;
            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (kind != 1) continue;
            entry = entry with { Length = Wide(entry.Length, ref field) };
            entry = entry with { Stored = Wide(entry.Stored, ref field) };
            entry = entry with { Offset = Wide(entry.Offset, ref field) };
        }

        return entry;
    }

    private long Wide(long value, ref ReadOnlySpan<byte> field)
    {
        if (value != Full32) return value;
        if (field.Length < 8) throw _source.Damaged("its directory lacks the size of a large entry");
        value = Read64(field, 0);
        field = field[8..];
        return value;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private long Read64(ReadOnlySpan<byte> bytes, int at)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
        return value >= 0 && value <= _source.Length ? value : throw _source.Damaged("its directory names a place after the end of the file");
    }

    private readonly record struct Entry(ushort Flags, ushort Method, long Stored, long Length, long Offset);
}
