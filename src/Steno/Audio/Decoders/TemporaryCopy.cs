namespace Steno.Audio.Decoders;

/// <summary>Copies audio that comes through a pipe to a temporary file, for decoders that have to seek.</summary>
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
        return new FileStream(path, options);
    }
}
