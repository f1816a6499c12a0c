using System.Diagnostics;

namespace Steno.EndToEndTests.FileSystem;

/// <summary>Runs steno as a user whom permissions bind: the one that runs the tests, or for root the user 65534, which owns nothing.</summary>
internal static class OrdinaryUser
{
    private const string Id = "65534";

    private static readonly string[] Switch = Environment.UserName == "root" ? ["setpriv", "--reuid=" + Id, "--regid=" + Id, "--clear-groups"] : [];

    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    /// <summary>Skips the calling test where no such user can run steno, and prints why.</summary>
    public static void Require()
    {
        if (Obstacle.Value is not { } reason) return;
        TestContext.Current.SendDiagnosticMessage("{0}", reason);
        Assert.Skip(reason);
    }

    /// <summary>Runs to the end with these bytes on standard input.</summary>
    public static async Task<StenoResult> RunAsync(IEnumerable<(string Name, string? Value)> environment, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        Require();
        string[] command = [.. Switch, StenoProcess.ExecutablePath, .. arguments];
        using StenoProcess process = StenoProcess.StartProgram(command[0], command[1..], environment);
        await process.WriteInputAsync(input);
        return await process.WaitAsync();
    }

    /// <summary>Takes from everybody the right to write into a folder, for root too in that the user is another.</summary>
    public static void MakeReadOnly(string directory)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(directory, Mode);
    }

    /// <summary>Gives the owner the right to write back, so that the folder can be deleted.</summary>
    public static void MakeWritable(string directory)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.UserWrite);
    }

    /// <summary>Gives everybody every right to a folder.</summary>
    public static void OpenToAll(string directory)
    {
        const UnixFileMode Mode = (UnixFileMode)0x1FF;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory, Mode);
    }

    private static string? FindObstacle()
    {
        if (OperatingSystem.IsWindows()) return "needs permissions as Unix has them";
        string[] command = [.. Switch, StenoProcess.ExecutablePath, "--version"];
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"needs a user other than root who can run {StenoProcess.ExecutablePath}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "needs the program setpriv to run steno as another user than root";
        }
    }
}
