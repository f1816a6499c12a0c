using System.Text;
using Steno.Tokenization;

namespace Steno.Decoding;

/// <summary>
/// Turns generated ids into pieces of text while they come: the language header is withheld, white space at both ends goes.
/// One thread at a time.
/// </summary>
/// <remarks>
/// All pieces joined are the text that <see cref="TranscriptParser.Parse"/> finds in the whole output, unless that collapses a repetition.
/// </remarks>
internal sealed class LiveTranscriptFilter
{
    private readonly BpeTokenizer _tokenizer;
    private readonly StreamingDetokenizer _detokenizer;

    // All output so far while the tag that ends the header has not come; white space that is text only if more text follows.
    private readonly StringBuilder _header = new();
    private readonly StringBuilder _heldSpace = new();
    private bool _isInText;
    private bool _hasText;
    private bool _isFinished;

    /// <summary>Starts an output.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="isLanguageForced">True when the prompt ended with a language, so that the output has no header.</param>
    public LiveTranscriptFilter(BpeTokenizer tokenizer, bool isLanguageForced)
    {
        _tokenizer = tokenizer;
        _detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial: true);
        _isInText = isLanguageForced;
    }

    /// <summary>Tokens of text so far, without header and special tokens. Without a header, known only after <see cref="Finish"/>.</summary>
    public int TextTokenCount { get; private set; }

    /// <summary>Adds a generated token.</summary>
    /// <returns>The text that is certain now; often nothing.</returns>
    public string Push(int id)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        if (_tokenizer.IsSpecial(id)) return string.Empty;

        string piece = _detokenizer.Push(id);
        TextTokenCount++;
        if (_isInText) return Emit(piece);
        if (!TryEndHeader(piece, out string text)) return string.Empty;

        _isInText = true;
        TextTokenCount = 0;
        return Emit(text);
    }

    /// <summary>Ends the output.</summary>
    /// <param name="isTruncated">True when a limit ended it: a header that was cut off is no text.</param>
    /// <returns>The rest of the text; all of the output when it had no header.</returns>
    public string Finish(bool isTruncated = false)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        _isFinished = true;

        string rest = _detokenizer.Flush();
        if (_isInText) return Emit(rest);
        string output = _header.Append(rest).ToString();
        if (!isTruncated || !TranscriptParser.IsStartOfHeader(output)) return Emit(output);
        TextTokenCount = 0;
        return string.Empty;
    }

    private bool TryEndHeader(string piece, out string text)
    {
        // The tag is one token, but the same characters may also come in several.
        int searchStart = Math.Max(0, _header.Length - TranscriptParser.TextTag.Length + 1);
        _header.Append(piece);
        string unsearched = _header.ToString(searchStart, _header.Length - searchStart);
        int tag = unsearched.IndexOf(TranscriptParser.TextTag, StringComparison.Ordinal);
        text = tag < 0 ? string.Empty : unsearched[(tag + TranscriptParser.TextTag.Length)..];
        return tag >= 0;
    }

    private string Emit(string piece)
    {
        var text = _hasText ? piece : PythonWhitespace.TrimStart(piece);
        var solid = PythonWhitespace.TrimEnd(text);
        if (solid.IsEmpty)
        {
            _heldSpace.Append(text);
            return string.Empty;
        }

        string emitted = string.Concat(_heldSpace.ToString(), solid);
        _heldSpace.Clear().Append(text[solid.Length..]);
        _hasText = true;
        return emitted;
    }
}
