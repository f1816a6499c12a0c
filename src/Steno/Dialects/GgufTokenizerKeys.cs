namespace Steno.Dialects;

/// <summary>The keys of a tokenizer in a GGUF file, which all dialects share.</summary>
internal static class GgufTokenizerKeys
{
    public const string Model = "tokenizer.ggml.model";
    public const string Pre = "tokenizer.ggml.pre";
    public const string Tokens = "tokenizer.ggml.tokens";
    public const string Types = "tokenizer.ggml.token_type";
    public const string Merges = "tokenizer.ggml.merges";
    public const string EndOfTurn = "tokenizer.ggml.eos_token_id";
    public const string Padding = "tokenizer.ggml.padding_token_id";
    public const string AddsStart = "tokenizer.ggml.add_bos_token";

    /// <summary>Value of <see cref="Model"/>: byte-level BPE.</summary>
    public const string ByteLevelBpe = "gpt2";
}
