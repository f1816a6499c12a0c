using System.Text;

namespace Steno.Loading;

/// <summary>The first bytes of a file, by which its format is known whatever it is called.</summary>
internal sealed class FileHead
{
    private const int MaxBytes = 4096;

    private readonly byte[] _bytes;

    private FileHead(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The bytes as characters, one each, in lower case and without blanks before.</summary>
    public string Text => Encoding.Latin1.GetString(_bytes).TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n').ToUpperInvariant();

    /// <summary>Reads the first bytes of a file; none where it cannot be read, which then is found when it is opened.</summary>
    public static FileHead Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            byte[] bytes = new byte[MaxBytes];
            int length = stream.CanSeek ? stream.ReadAtLeast(bytes, MaxBytes, throwOnEndOfStream: false) : 0;
            return new FileHead(bytes[..length]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new FileHead([]);
        }
    }

    public bool StartsWith(ReadOnlySpan<byte> magic) => Has(magic, 0);

    /// <summary>Whether some bytes stand at a place.</summary>
    public bool Has(ReadOnlySpan<byte> magic, int offset) => _bytes.Length >= offset + magic.Length && _bytes.AsSpan(offset, magic.Length).SequenceEqual(magic);
}
