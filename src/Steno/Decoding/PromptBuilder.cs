using Steno.Tokenization;

namespace Steno.Decoding;

/// <summary>Builds the prompt of Qwen3-ASR.</summary>
/// <remarks>
/// <code>
/// &lt;|im_start|&gt;system\n{context}&lt;|im_end|&gt;\n
/// &lt;|im_start|&gt;user\n&lt;|audio_start|&gt;&lt;|audio_pad|&gt;...&lt;|audio_end|&gt;&lt;|im_end|&gt;\n
/// &lt;|im_start|&gt;assistant\n[language {name}&lt;asr_text&gt;]
/// </code>
/// The system turn is there even when it is empty. Text that looks like an added token stays text when it comes from the caller.
/// </remarks>
internal sealed class PromptBuilder(BpeTokenizer tokenizer)
{
    /// <summary>Builds a prompt.</summary>
    /// <param name="context">Text that biases recognition; null for none.</param>
    /// <param name="forcedLanguage">A language as the model writes it, after which it writes text only; null to let the model name the language.</param>
    /// <param name="audioTokenCount">Rows of audio embeddings; at least 1.</param>
    public Prompt Build(string? context, string? forcedLanguage, int audioTokenCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(audioTokenCount);

        var special = tokenizer.SpecialTokens;
        int[] newLine = Encode("\n");
        int[] beforeAudio =
        [
            special.ImStart, .. Encode("system\n" + context), special.ImEnd, .. newLine,
            special.ImStart, .. Encode("user\n"), special.AudioStart,
        ];
        int[] afterAudio = [special.AudioEnd, special.ImEnd, .. newLine, special.ImStart];
        int[] answer = forcedLanguage is null
            ? Encode("assistant\n")
            : [.. Encode("assistant\nlanguage " + forcedLanguage), special.AsrText];

        int[] ids = [.. beforeAudio, .. new int[audioTokenCount], .. afterAudio, .. answer];
        ids.AsSpan(beforeAudio.Length, audioTokenCount).Fill(special.AudioPad);
        return new Prompt(ids, beforeAudio.Length, audioTokenCount);
    }

    private int[] Encode(string text) => tokenizer.Encode(text, allowAddedTokens: false);
}
