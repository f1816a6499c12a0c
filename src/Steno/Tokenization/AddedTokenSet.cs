using System.Buffers;
using System.Text;

namespace Steno.Tokenization;

/// <summary>The added tokens of a tokenizer: by id, by content, and as they occur in a text.</summary>
internal sealed class AddedTokenSet
{
    private readonly Dictionary<int, Entry> _byId;
    private readonly Dictionary<string, AddedToken> _byContent;
    private readonly Dictionary<char, AddedToken[]> _byFirstCharacter;
    private readonly SearchValues<char> _firstCharacters;

    /// <summary>Indexes tokens that have no id and no content twice.</summary>
    public AddedTokenSet(IReadOnlyCollection<AddedToken> tokens)
    {
        _byId = tokens.ToDictionary(token => token.Id, token => new Entry(token, Encoding.UTF8.GetBytes(token.Content)));
        _byContent = tokens.ToDictionary(token => token.Content, StringComparer.Ordinal);
        _byFirstCharacter = tokens
            .GroupBy(token => token.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Content.Length).ToArray());
        _firstCharacters = SearchValues.Create([.. _byFirstCharacter.Keys]);
        EndId = tokens.Count == 0 ? 0 : tokens.Max(token => token.Id) + 1;
    }

    /// <summary>The tokens, by id.</summary>
    public IEnumerable<AddedToken> Tokens => _byId.Values.Select(entry => entry.Token).OrderBy(token => token.Id);

    /// <summary>One more than the highest id; 0 when there are no tokens.</summary>
    public int EndId { get; }

    public bool Contains(int id) => _byId.ContainsKey(id);

    public bool IsSpecial(int id) => _byId.TryGetValue(id, out var entry) && entry.Token.IsSpecial;

    public bool TryGetBytes(int id, out ReadOnlySpan<byte> bytes)
    {
        bool isFound = _byId.TryGetValue(id, out var entry);
        bytes = isFound ? entry.Bytes : default;
        return isFound;
    }

    public bool TryFind(string content, out int id)
    {
        bool isFound = _byContent.TryGetValue(content, out var token);
        id = token?.Id ?? 0;
        return isFound;
    }

    /// <summary>Finds the first added token in a text, and of those that begin at the same place the longest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where it begins; the length of the text when there is none.</param>
    /// <returns>The token, or null.</returns>
    public AddedToken? FindFirst(ReadOnlySpan<char> text, out int index)
    {
        index = 0;
        for (int offset; (offset = text[index..].IndexOfAny(_firstCharacters)) >= 0; index++)
        {
            index += offset;
            foreach (var token in _byFirstCharacter[text[index]])
            {
                if (text[index..].StartsWith(token.Content, StringComparison.Ordinal)) return token;
            }
        }

        index = text.Length;
        return null;
    }

    private readonly record struct Entry(AddedToken Token, byte[] Bytes);
}
