using System.Runtime.InteropServices;

namespace Steno.Tests.Kernels;

/// <summary>The system calls behind <see cref="GuardedBuffer{T}"/>.</summary>
internal static partial class PageProtection
{
    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    public static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);
}
