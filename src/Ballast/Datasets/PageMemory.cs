using System.Runtime.InteropServices;

namespace Ballast;

/// <summary>
/// Memory that goes back to the system when it is freed. malloc keeps freed blocks that lie between used ones, so on Linux whole pages are mapped (and filled
/// in one call, where the first touch of each page would cost a fault); elsewhere the allocator decides.
/// </summary>
internal static unsafe partial class PageMemory
{
    private const int ReadWrite = 0x1 | 0x2;
    private const int PrivateAnonymousPopulated = 0x2 | 0x20 | 0x8000;

    /// <summary>Uninitialised memory, or zeros.</summary>
    /// <exception cref="InsufficientMemoryException">There is none.</exception>
    public static void* Allocate(nuint bytes)
    {
        if (!OperatingSystem.IsLinux()) return NativeMemory.Alloc(bytes);
        var start = Map(null, bytes, ReadWrite, PrivateAnonymousPopulated, -1, 0);
        return start != (void*)-1 ? start : throw new InsufficientMemoryException($"The system has no {bytes} bytes left for the data set.");
    }

    /// <summary>Frees what <see cref="Allocate"/> gave.</summary>
    public static void Free(void* start, nuint bytes)
    {
        if (OperatingSystem.IsLinux()) _ = Unmap(start, bytes);
        else NativeMemory.Free(start);
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
