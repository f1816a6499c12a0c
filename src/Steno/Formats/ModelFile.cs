using Microsoft.Win32.SafeHandles;
using Steno.Tensors;

namespace Steno.Formats;

/// <summary>A file with the weights of a model, read where they are needed; never mapped, since a mapping of a file that is cut short ends the process.</summary>
/// <remarks>Not safe for use while another thread disposes it; otherwise safe for any number of threads.</remarks>
internal sealed class ModelFile : ITensorBytes, IDisposable
{
    private readonly FileStream _stream;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly DateTime _writeTime;

    private ModelFile(FileStream stream, string path, string expected)
    {
        _stream = stream;
        _path = path;
        if (!stream.CanSeek) throw new ModelFormatException("this is not a regular file", path, expected: expected);
        _handle = stream.SafeFileHandle;
        _writeTime = File.GetLastWriteTimeUtc(_handle);
        Length = stream.Length;
        if (Length == 0) throw new ModelFormatException("the file is empty", path, expected: expected);
    }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    public bool IsClosed => _handle.IsClosed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file should be, for messages.</param>
    /// <exception cref="ModelFormatException">The file is empty or no regular file.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ModelFile Open(string path, string expected)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        try
        {
            return new ModelFile(stream, path, expected);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The first bytes of the file.</summary>
    /// <param name="maxLength">No more than these.</param>
    /// <exception cref="ModelFormatException">The file is no longer what it was when it was opened.</exception>
    public byte[] Head(int maxLength)
    {
        byte[] head = GC.AllocateUninitializedArray<byte>((int)Math.Min(Length, maxLength));
        Read(0, head);
        return head;
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            int count = RandomAccess.Read(_handle, destination[done..], offset + done);
            if (count == 0) throw Changed(offset + done, $"{destination.Length - done} more bytes", "the end of the file");
            done += count;
        }

        // Another program that writes the file may be ahead of this one, and what was read be of neither version.
        if (RandomAccess.GetLength(_handle) is var length && length != Length) throw Changed(offset, $"{Length} bytes", $"{length} bytes");
        if (File.GetLastWriteTimeUtc(_handle) != _writeTime) throw Changed(offset, "the file as it was when it was opened", "one that was written since");
    }

    public void Dispose() => _stream.Dispose();

    private ModelFormatException Changed(long offset, string expected, string found) =>
        new("the file changed while it was being read; load the model again once it is whole", _path, null, offset, expected, found);
}
