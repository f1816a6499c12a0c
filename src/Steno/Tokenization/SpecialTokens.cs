namespace Steno.Tokenization;

/// <summary>Ids of the added tokens without which Qwen3-ASR can be neither prompted nor read.</summary>
internal sealed record SpecialTokens
{
    /// <summary><c>&lt;|endoftext|&gt;</c>: padding, and one of the two stop tokens.</summary>
    public required int EndOfText { get; init; }

    /// <summary><c>&lt;|im_start|&gt;</c>: begins a turn.</summary>
    public required int ImStart { get; init; }

    /// <summary><c>&lt;|im_end|&gt;</c>: ends a turn; the other stop token.</summary>
    public required int ImEnd { get; init; }

    /// <summary><c>&lt;|audio_start|&gt;</c>.</summary>
    public required int AudioStart { get; init; }

    /// <summary><c>&lt;|audio_pad|&gt;</c>: stands where a row of audio embeddings goes.</summary>
    public required int AudioPad { get; init; }

    /// <summary><c>&lt;|audio_end|&gt;</c>.</summary>
    public required int AudioEnd { get; init; }

    /// <summary><c>&lt;asr_text&gt;</c>: ends the language header of the output.</summary>
    public required int AsrText { get; init; }

    /// <summary>Looks the tokens up.</summary>
    /// <param name="tokens">Where.</param>
    /// <param name="file">The file that should have listed them, for messages.</param>
    /// <exception cref="ModelFormatException">One is missing.</exception>
    public static SpecialTokens Find(AddedTokenSet tokens, string file)
    {
        return new SpecialTokens
        {
            EndOfText = IdOf("<|endoftext|>"),
            ImStart = IdOf("<|im_start|>"),
            ImEnd = IdOf("<|im_end|>"),
            AudioStart = IdOf("<|audio_start|>"),
            AudioPad = IdOf("<|audio_pad|>"),
            AudioEnd = IdOf("<|audio_end|>"),
            AsrText = IdOf("<asr_text>"),
        };

        int IdOf(string content) => tokens.TryFind(content, out int id)
            ? id
            : throw new ModelFormatException($"the tokenizer lacks the added token {content}", file, expected: "the tokenizer of a Qwen3-ASR checkpoint");
    }
}
