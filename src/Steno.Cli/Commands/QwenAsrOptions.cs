namespace Steno.Cli.Commands;

/// <summary>The options of qwen_asr that Steno does not take, and what there is in their place.</summary>
internal static class QwenAsrOptions
{
    private static readonly Dictionary<string, string> Substitutes = new(StringComparer.Ordinal)
    {
        ["-S"] = "clips are cut at quiet places by themselves",
        ["-W"] = "clips are cut at quiet places by themselves",
        ["--stream"] = "text is written as it is decoded without it",
        ["--stream-max-new-tokens"] = "--max-tokens limits each segment",
        ["--enc-window-sec"] = "--attention chooses between 8 seconds and the whole clip",
        ["--past-text"] = "no text goes from one segment to the next, and --prompt goes to all",
        ["--skip-silence"] = "all of the audio is transcribed",
        ["--monitor"] = "--debug tells more",
    };

    /// <summary>What to say of an option; null when qwen_asr has none of that name.</summary>
    public static string? Explain(string name) =>
        Substitutes.TryGetValue(name, out string? substitute) ? $"{name} is known from qwen_asr and not supported: {substitute}" : null;
}
