namespace Steno.Verification;

/// <summary>What is publicly known of the Qwen3-ASR checkpoints and can be checked without them: ids, texts, sums.</summary>
internal static class PublishedFacts
{
    /// <summary>Vocabulary of the models, rows that stand for nothing included.</summary>
    public const int VocabularySize = 151936;

    /// <summary>Ids that stand for something: 151643 of the vocabulary of Qwen2 and 63 added ones.</summary>
    public const int TokenCount = 151706;

    /// <summary>Mel frames of the recording: 176,000 samples.</summary>
    public const int FrameCount = 1100;

    /// <summary>Rows that the encoder makes of them: 11 chunks of 13.</summary>
    public const int AudioTokenCount = 143;

    /// <summary>What is said in the recording (the inaugural address of John F. Kennedy, 1961).</summary>
    public const string Text = "And so, my fellow Americans, ask not what your country can do for you. Ask what you can do for your country.";

    /// <summary>The first ids of its transcript: <c>language English&lt;asr_text&gt;And so,</c>.</summary>
    public static IReadOnlyList<int> FirstIds { get; } = [11528, 6364, 151704, 3036, 773, 11];

    /// <summary>Output of the audio encoder of Qwen3-ASR-0.6B in a port that holds the weights in F16.</summary>
    public static EncoderSums EncoderSums { get; } =
        new(AudioTokenCount, 1024, 109.297, 54.179, 0.12975, [0.040848f, -0.014819f, -0.033720f, 0.024292f]);

    /// <summary>Texts, added tokens allowed, and their ids.</summary>
    public static IReadOnlyList<(string Text, int[] Ids)> TokenizerVectors { get; } =
    [
        ("meeting about Strix Halo", [61249, 911, 4509, 941, 45249]),
        ("language English<asr_text>", [11528, 6364, 151704]),
        ("The quick brown fox jumps over the lazy dog.", [785, 3974, 13876, 38835, 34208, 916, 279, 15678, 5562, 13]),
        ("language Cantonese", [11528, 72366, 2367]),
        ("language Macedonian", [11528, 56452, 75491]),
        ("<|endoftext|><|im_start|><|im_end|>", [151643, 151644, 151645]),
        ("<|audio_start|><|audio_end|><|audio_pad|>", [151669, 151670, 151676]),
    ];

    /// <summary>The prompt without context and language for a number of audio tokens.</summary>
    public static int[] Prompt(int audioTokenCount) =>
    [
        151644, 8948, 198, 151645, 198, 151644, 872, 198, 151669,
        .. Enumerable.Repeat(151676, audioTokenCount),
        151670, 151645, 198, 151644, 77091, 198,
    ];
}
