using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Steno.Files;

/// <summary>Asks Linux and macOS what a file is: the framework tells neither device and number, nor owner, nor pipes from files.</summary>
internal static unsafe partial class FileStatusCall
{
    // Values of statx(2) and stat(2), the same on every processor.
    private const int CurrentDirectory = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7FF;
    private const int NoSuchFile = 2;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;

    /// <summary>Asks for a path.</summary>
    /// <param name="path">A full path.</param>
    /// <param name="status">The answer; null when there is no such file.</param>
    /// <returns>False when the system cannot be asked.</returns>
    public static bool TryRead(string path, out FileStatus? status) => TryRead(path, handle: null, out status);

    /// <summary>Asks for an open file.</summary>
    public static bool TryRead(SafeFileHandle handle, out FileStatus? status) => TryRead(string.Empty, handle, out status) && status is not null;

    private static bool TryRead(string path, SafeFileHandle? handle, out FileStatus? status)
    {
        status = null;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                LinuxStatus linux;
                int result = handle is null
                    ? ReadLinux(CurrentDirectory, path, 0, BasicFields, &linux)
                    : ReadLinuxHandle(handle, string.Empty, EmptyPath, BasicFields, &linux);
                if (result == 0) status = Create(linux.Mode, ((ulong)linux.DeviceMajor << 32) | linux.DeviceMinor, linux.Number, linux.UserId, linux.GroupId);
                return result == 0 || IsAbsence(Marshal.GetLastPInvokeError());
            }

            if (OperatingSystem.IsMacOS())
            {
                MacStatus mac;
                int result = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                    ? handle is null ? ReadMac(path, &mac) : ReadMacHandle(handle, &mac)
                    : handle is null ? ReadMacIntel(path, &mac) : ReadMacIntelHandle(handle, &mac);
                if (result == 0) status = Create(mac.Mode, (uint)mac.Device, mac.Number, mac.UserId, mac.GroupId);
                return result == 0 || IsAbsence(Marshal.GetLastPInvokeError());
            }
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library that is older than the call.
        }

        return false;
    }

    private static bool IsAbsence(int error) => error is NoSuchFile or AccessDenied or NotADirectory;

    private static FileStatus Create(uint mode, ulong device, ulong number, uint userId, uint groupId)
    {
        FileKind kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0x2000 => FileKind.CharacterDevice,
            0x6000 => FileKind.BlockDevice,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            _ => FileKind.Unknown,
        };
        return new FileStatus(kind, new FileIdentity(device, number), userId, groupId);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadLinux(int directory, string path, int flags, uint fields, LinuxStatus* status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadLinuxHandle(SafeFileHandle handle, string path, int flags, uint fields, LinuxStatus* status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadMac(string path, MacStatus* status);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadMacHandle(SafeFileHandle handle, MacStatus* status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadMacIntel(string path, MacStatus* status);

    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ReadMacIntelHandle(SafeFileHandle handle, MacStatus* status);

    /// <summary><c>struct statx</c>: one layout for all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct LinuxStatus
    {
        [FieldOffset(20)]
        public uint UserId;

        [FieldOffset(24)]
        public uint GroupId;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Number;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    /// <summary><c>struct stat</c> with numbers of 64 bits, the same on both processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 144)]
    private struct MacStatus
    {
        [FieldOffset(0)]
        public int Device;

        [FieldOffset(4)]
        public ushort Mode;

        [FieldOffset(8)]
        public ulong Number;

        [FieldOffset(16)]
        public uint UserId;

        [FieldOffset(20)]
        public uint GroupId;
    }
}
