using System.Buffers;
using System.Text;

namespace Steno.Tokenization;

/// <summary>The byte-level BPE tokenizer of Qwen2, with added tokens. Immutable: any number of threads may share it.</summary>
internal sealed class BpeTokenizer
{
    private readonly Vocabulary _vocabulary;
    private readonly BytePairEncoder _encoder;
    private readonly AddedTokenSet _addedTokens;

    /// <summary>Puts a tokenizer together; <see cref="TokenizerLoader"/> reads the parts.</summary>
    public BpeTokenizer(Vocabulary vocabulary, MergeTable merges, AddedTokenSet addedTokens, SpecialTokens specialTokens)
    {
        _vocabulary = vocabulary;
        _encoder = new BytePairEncoder(vocabulary, merges);
        _addedTokens = addedTokens;
        SpecialTokens = specialTokens;
        Merges = merges;
    }

    /// <summary>The tokens that prompt and output are built with.</summary>
    public SpecialTokens SpecialTokens { get; }

    /// <summary>The symbols.</summary>
    public Vocabulary Vocabulary => _vocabulary;

    /// <summary>The tokens beside them.</summary>
    public AddedTokenSet AddedTokens => _addedTokens;

    /// <summary>The merges of the vocabulary.</summary>
    public MergeTable Merges { get; }

    /// <summary>One more than the highest id. A model may have rows for further ids, which stand for nothing.</summary>
    public int VocabularySize => Math.Max(_vocabulary.Count, _addedTokens.EndId);

    /// <summary>Turns text into ids.</summary>
    /// <param name="text">Any text; it is normalised to NFC, added tokens aside.</param>
    /// <param name="allowAddedTokens">True to turn the text of an added token into its id; false to take it as ordinary text.</param>
    public int[] Encode(string text, bool allowAddedTokens)
    {
        var ids = new List<int>();
        if (!allowAddedTokens)
        {
            EncodeText(text, ids);
            return [.. ids];
        }

        for (int start = 0; start < text.Length;)
        {
            var token = _addedTokens.FindFirst(text.AsSpan(start), out int length);
            EncodeText(text.Substring(start, length), ids);
            if (token is not null) ids.Add(token.Id);
            start += length + (token?.Content.Length ?? 0);
        }

        return [.. ids];
    }

    /// <summary>Turns ids into text; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Ids of 0 or more; one that stands for nothing adds nothing.</param>
    /// <param name="skipSpecial">True to leave the special tokens out.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (int id in ids)
        {
            if (!skipSpecial || !IsSpecial(id)) bytes.Write(TokenBytes(id));
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The bytes of a token; none when the id stands for nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="id"/> is negative.</exception>
    public ReadOnlySpan<byte> TokenBytes(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        if (_addedTokens.TryGetBytes(id, out var bytes)) return bytes;
        return id < _vocabulary.Count ? _vocabulary.BytesOf(id) : default;
    }

    /// <summary>Finds an added token by its text.</summary>
    public bool TryGetAddedToken(string content, out int id) => _addedTokens.TryFind(content, out id);

    /// <summary>True for an added token, special or not.</summary>
    public bool IsAdded(int id) => _addedTokens.Contains(id);

    /// <summary>True for an added token that decoding may leave out.</summary>
    public bool IsSpecial(int id) => _addedTokens.IsSpecial(id);

    private void EncodeText(string text, List<int> ids)
    {
        var rest = Nfc.Normalize(text).AsSpan();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256);
        while (!rest.IsEmpty)
        {
            int length = PreTokenizer.LengthOfFirst(rest);
            if (Encoding.UTF8.GetMaxByteCount(length) > buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(length));
            }

            int byteCount = Encoding.UTF8.GetBytes(rest[..length], buffer);
            _encoder.Encode(buffer.AsSpan(0, byteCount), ids);
            rest = rest[length..];
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
