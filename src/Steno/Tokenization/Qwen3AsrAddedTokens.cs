namespace Steno.Tokenization;

/// <summary>The added tokens of the published Qwen3-ASR tokenizers, for directories that come without a file that lists them.</summary>
internal static class Qwen3AsrAddedTokens
{
    /// <summary>Symbols in the Qwen2 vocabulary, and so the first id of an added token.</summary>
    public const int FirstId = 151643;

    // By id. The tool, fill-in-the-middle and tag tokens are ordinary text to a decoder; all others are special.
    private static readonly string[] Contents =
    [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>",
        "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>",
        "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>",
        "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
        "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
        "<|audio_start|>", "<|audio_end|>",
        "<tts_pad>", "<tts_text_bos>", "<tts_text_eod>", "<tts_text_bos_single>",
        "<non_speech>", "<|audio_pad|>",
        "<blank1>", "<blank2>", "<blank3>", "<blank4>", "<blank5>", "<blank6>", "<blank7>", "<blank8>", "<blank9>",
        "<blank10>", "<blank11>", "<blank12>", "<blank13>", "<blank14>", "<blank15>", "<blank16>", "<blank17>", "<blank18>",
        "<blank19>", "<blank20>", "<blank21>", "<blank22>", "<blank23>", "<blank24>", "<blank25>", "<blank26>", "<blank27>",
        "<asr_text>", "<timestamp>",
    ];

    /// <summary>The table.</summary>
    public static IReadOnlyList<AddedToken> All { get; } =
        [.. Contents.Select((content, index) => new AddedToken(FirstId + index, content, IsSpecial(FirstId + index)))];

    private static bool IsSpecial(int id) => id is not ((>= 151657 and <= 151668) or 151675 or 151704 or 151705);
}
