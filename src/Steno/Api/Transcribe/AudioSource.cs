using Steno.Files;

namespace Steno;

/// <summary>A recording to be transcribed: a file, or a stream that is opened when its turn comes.</summary>
/// <param name="Name">The path of the file; for a stream what messages call it.</param>
/// <param name="Encoding">How its bytes are read.</param>
/// <param name="Open">Opens the stream; null for a file.</param>
internal sealed record AudioSource(string Name, AudioEncoding Encoding, Func<Stream>? Open = null)
{
    /// <summary>Path of the file; null for a stream.</summary>
    public string? Path => Open is null ? Name : null;

    /// <summary>Length of the file; 0 when nobody can tell.</summary>
    public long ByteCount()
    {
        try
        {
            return Path is null ? 0 : new FileInfo(FileLinks.Resolve(Path)).Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>The bytes, where they are not a file that describes itself; else null.</summary>
    public Stream? OpenStream()
    {
        if (Open is not null) return Open();
        return Encoding == AudioEncoding.Auto ? null : new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }
}
