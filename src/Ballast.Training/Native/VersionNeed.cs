using System.Buffers.Binary;

namespace Ballast.Training;

/// <summary>
/// The versions an ELF library demands of others (DT_VERNEED). The dynamic linker refuses a library for a version that is missing even when no symbol of it is
/// used; marked weak (VER_FLG_WEAK), it warns at most.
/// </summary>
internal static class VersionNeed
{
    private const int DynamicSegment = 2;
    private const int LoadSegment = 1;
    private const ulong Strings = 5;
    private const ulong Needs = 0x6ffffffe;
    private const ulong NeedCount = 0x6fffffff;
    private const ushort Weak = 2;

    /// <summary>Marks a version optional, in place; false when the bytes are no 64-bit little-endian ELF library or demand no such version.</summary>
    public static bool MakeOptional(Span<byte> library, string version)
    {
        try
        {
            return library.StartsWith("\x7F"u8) && library[1..].StartsWith("ELF\x02\x01"u8) && Mark(library, version);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static bool Mark(Span<byte> library, string version)
    {
        var (strings, needs, count) = Dynamic(library);
        var name = System.Text.Encoding.ASCII.GetBytes(version + "\0");
        var marked = false;
        for (var need = Offset(library, needs); count > 0; count--)
        {
            var entry = need + Read32(library, need + 8);
            for (var left = Read16(library, need + 2); left > 0; left--)
            {
                if (library[Offset(library, strings + (ulong)Read32(library, entry + 8))..].StartsWith(name))
                {
                    var flags = library[(entry + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    marked = true;
                }

                entry += Read32(library, entry + 12);
            }

            need += Read32(library, need + 12);
        }

        return marked;
    }

    private static (ulong Strings, ulong Needs, ulong Count) Dynamic(ReadOnlySpan<byte> library)
    {
        ulong strings = 0, needs = 0, count = 0;
        foreach (var (type, file, _, size) in Segments(library))
        {
            if (type != DynamicSegment) continue;
            for (var at = file; at < file + size; at += 16)
            {
                var value = Read64(library, (int)at + 8);
                switch (Read64(library, (int)at))
                {
                    case Strings: strings = value; break;
                    case Needs: needs = value; break;
                    case NeedCount: count = value; break;
                }
            }
        }

        return (strings, needs, needs == 0 || strings == 0 ? 0 : Math.Min(count, ushort.MaxValue));
    }

    /// <summary>The place in the file of an address in memory.</summary>
    private static int Offset(ReadOnlySpan<byte> library, ulong address)
    {
        foreach (var (type, file, memory, size) in Segments(library))
        {
            if (type == LoadSegment && address >= memory && address < memory + size) return checked((int)(file + (address - memory)));
        }

        return library.Length;
    }

    private static List<(int Type, ulong File, ulong Memory, ulong Size)> Segments(ReadOnlySpan<byte> library)
    {
        var table = (int)Math.Min(Read64(library, 32), (ulong)library.Length);
        var segments = new List<(int, ulong, ulong, ulong)>();
        for (var i = 0; i < Read16(library, 56); i++)
        {
            var at = table + (i * Read16(library, 54));
            var (file, size) = (Read64(library, at + 8), Read64(library, at + 32));
            var inside = file <= (ulong)library.Length && size <= (ulong)library.Length - file;
            if (inside) segments.Add((Read32(library, at), file, Read64(library, at + 16), size));
        }

        return segments;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Read32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static ulong Read64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
