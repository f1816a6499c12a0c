using System.Globalization;
using System.Text;

namespace Steno.Tests.Support;

/// <summary>A file of a <see cref="HubRepository"/>.</summary>
/// <param name="content">Its bytes, which do not change.</param>
/// <param name="isLarge">Whether it is kept outside git, as weights are.</param>
internal sealed class HubContent(byte[] content, bool isLarge)
{
    private readonly Lazy<string> _sha256 = new(() => HubRepository.Sha256(content));

    public byte[] Content => content;

    public bool IsLarge => isLarge;

    public string Sha256 => _sha256.Value;

    /// <summary>The name that git has for it: for a large file that of the pointer that git keeps in its place.</summary>
    public string GitId => HubRepository.GitBlobId(isLarge ? Encoding.ASCII.GetBytes(Pointer) : content);

    private string Pointer =>
        string.Create(CultureInfo.InvariantCulture, $"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {content.Length}\n");

    /// <summary>What the list of files says of it.</summary>
    /// <param name="path">Where it is in the repository.</param>
    public string EntryJson(string path)
    {
        string escaped = System.Text.Json.JsonEncodedText.Encode(path).ToString();
        string head = string.Create(CultureInfo.InvariantCulture, $"{{\"type\":\"file\",\"oid\":\"{GitId}\",\"size\":{content.Length},\"path\":\"{escaped}\"");
        return isLarge
            ? string.Create(CultureInfo.InvariantCulture, $"{head},\"lfs\":{{\"oid\":\"{Sha256}\",\"size\":{content.Length},\"pointerSize\":{Pointer.Length}}}}}")
            : head + "}";
    }
}
