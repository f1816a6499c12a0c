using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Steno.Tests.Support;

/// <summary>A repository of a <see cref="HubServer"/>.</summary>
internal sealed class HubRepository(string name)
{
    private readonly Dictionary<string, HubContent> _files = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public string Commit { get; set; } = "0123456789abcdef0123456789abcdef01234567";

    public IEnumerable<string> Paths => _files.Keys;

    public byte[] this[string path] => _files[path].Content;

    public HubRepository Add(string path, byte[] content, bool isLarge = false)
    {
        _files[path] = new HubContent(content, isLarge);
        return this;
    }

    public HubRepository Remove(string path)
    {
        _files.Remove(path);
        return this;
    }

    /// <summary>Adds the files of a checkpoint; weights are large files, as on a real hub.</summary>
    public HubRepository AddDirectory(string directory)
    {
        foreach (string path in Directory.EnumerateFiles(directory))
            Add(Path.GetFileName(path), File.ReadAllBytes(path), path.EndsWith(".safetensors", StringComparison.Ordinal));
        return this;
    }

    public HubContent? Find(string path) => _files.GetValueOrDefault(path);

    public byte[]? FindLarge(string sha256) => _files.Values.FirstOrDefault(file => file.IsLarge && file.Sha256 == sha256)?.Content;

    /// <summary>The list of files as the hub's API gives it.</summary>
    public string TreeJson() => "[" + string.Join(',', _files.Select(file => file.Value.EntryJson(file.Key))) + "]";

    public static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    public static string GitBlobId(byte[] content)
    {
        byte[] header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {content.Length}\0"));
#pragma warning disable CA5350 // git names content by SHA-1
        return Convert.ToHexStringLower(SHA1.HashData([.. header, .. content]));
#pragma warning restore CA5350
    }
}
