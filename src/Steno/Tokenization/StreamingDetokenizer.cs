using System.Text;

namespace Steno.Tokenization;

/// <summary>Turns ids into text one by one, giving out only whole characters. One thread at a time.</summary>
/// <remarks>What all calls return, joined, is what <see cref="BpeTokenizer.Decode"/> returns for all ids at once.</remarks>
internal sealed class StreamingDetokenizer(BpeTokenizer tokenizer, bool skipSpecial)
{
    // Keeps the bytes of an unfinished character from call to call.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Adds a token.</summary>
    /// <returns>The characters that it completes; bytes that cannot become a character give U+FFFD.</returns>
    public string Push(int id) => skipSpecial && tokenizer.IsSpecial(id) ? string.Empty : Convert(tokenizer.TokenBytes(id), isLast: false);

    /// <summary>Ends the text; the next call of <see cref="Push"/> begins another.</summary>
    /// <returns>U+FFFD when a character was left unfinished, else nothing.</returns>
    public string Flush() => Convert(default, isLast: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool isLast)
    {
        int maxLength = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        Span<char> characters = maxLength <= 512 ? stackalloc char[maxLength] : new char[maxLength];
        return new string(characters[.._decoder.GetChars(bytes, characters, isLast)]);
    }
}
