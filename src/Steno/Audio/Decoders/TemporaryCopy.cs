namespace Steno.Audio.Decoders;

/// <summary>Copies audio that comes through a pipe to a temporary file, for decoders that have to seek.</summary>
/// <remarks>
/// Linux reaches an open file by its handle too, so there it loses its name at once, and nothing is left behind by a process that is killed.
/// Elsewhere it is deleted when it is closed.
/// </remarks>
internal static class TemporaryCopy
{
    /// <summary>Largest copy: 4 GiB, some hours of film.</summary>
    public const long MaxBytes = 4L << 30;

    /// <summary>Copies all of <paramref name="source"/>.</summary>
    /// <returns>The copy, and its path; disposing it deletes the file.</returns>
    /// <exception cref="AudioFormatException">There are more than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async ValueTask<(ByteSource Copy, string Path)> CreateAsync(ByteSource source, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Path.GetTempPath(), $"steno-{Guid.NewGuid():N}.tmp");
        FileStream file = Create(path);
        path = WithoutName(file, path);
        try
        {
            while (await source.FillAsync(1, cancellationToken).ConfigureAwait(false) > 0)
            {
                if (file.Length + source.Buffered.Length > MaxBytes)
                    throw source.Fault($"the audio must be copied to a file to be decoded, and is larger than {MaxBytes} bytes. Give Steno the file itself.");
                file.Write(source.Buffered);
                source.Consume(source.Buffered.Length);
            }

            file.Flush();
            file.Position = 0;
            return (new ByteSource(file, leaveOpen: false, source.Name), path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string WithoutName(FileStream file, string path)
    {
        if (ChildPath.ByHandle(file) is not { } byHandle) return path;
        File.Delete(path);
        return byHandle;
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
            throw new IOException($"this format cannot be decoded from a pipe, and a copy cannot be written: {exception.Message} Set {variable} to a folder that can, or give Steno the file itself.", exception);
        }
    }
}
