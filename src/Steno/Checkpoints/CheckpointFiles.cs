using System.Text.Json;
using Steno.Formats;
using Steno.Tokenization;

namespace Steno.Checkpoints;

/// <summary>The small files of a checkpoint by name, wherever they lie: in a directory, or inside the file that holds the weights.</summary>
internal abstract class CheckpointFiles
{
    /// <summary>The files of a directory.</summary>
    public static CheckpointFiles InDirectory(string directory) => new DirectoryFiles(directory);

    /// <summary>Files that another one holds.</summary>
    /// <param name="location">Path of the file that holds them.</param>
    /// <param name="contents">Their bytes by name.</param>
    public static CheckpointFiles Inside(string location, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents) => new EmbeddedFiles(location, contents);

    /// <summary>Where a file is, or would be, for messages.</summary>
    public abstract string PathOf(string name);

    /// <summary>Reads a file; null where there is none of that name.</summary>
    /// <exception cref="ModelFormatException">It is too large.</exception>
    public abstract TokenizerFile? Find(string name);

    /// <summary>Reads a file whose outermost value is an object; null where there is none of that name.</summary>
    /// <exception cref="ModelFormatException">It is too large, or no such JSON.</exception>
    public abstract JsonDocument? FindJson(string name, int maxBytes);

    private sealed class DirectoryFiles(string directory) : CheckpointFiles
    {
        public override string PathOf(string name) => Path.Combine(directory, name);

        public override TokenizerFile? Find(string name) => File.Exists(PathOf(name)) ? TokenizerFile.Read(PathOf(name)) : null;

        public override JsonDocument? FindJson(string name, int maxBytes) => File.Exists(PathOf(name)) ? JsonFile.ReadObject(PathOf(name), maxBytes) : null;
    }

    private sealed class EmbeddedFiles(string location, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents) : CheckpointFiles
    {
        public override string PathOf(string name) => $"{location} ({name})";

        public override TokenizerFile? Find(string name) => contents.TryGetValue(name, out ReadOnlyMemory<byte> content) ? new TokenizerFile(PathOf(name), Bounded(name, content, TokenizerFile.MaxBytes)) : null;

        public override JsonDocument? FindJson(string name, int maxBytes) =>
            contents.TryGetValue(name, out ReadOnlyMemory<byte> content) ? JsonFile.ParseObject(Bounded(name, content, maxBytes), PathOf(name)) : null;

        private ReadOnlyMemory<byte> Bounded(string name, ReadOnlyMemory<byte> content, int maxBytes) => content.Length <= maxBytes
            ? content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content
            : throw new ModelFormatException("the file is too large", PathOf(name), expected: $"at most {maxBytes} bytes", found: $"{content.Length} bytes");
    }
}
