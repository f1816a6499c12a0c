using System.Globalization;
using Steno.Formats.Ggmm;
using Steno.Model;

namespace Steno.Dialects;

/// <summary>
/// The numbers that a file of chatllm.cpp repeats from config.json, by their places: type and version of the model, dtype, vocabulary, width, heads, layers,
/// MLP width, positions, four token ids, key-value heads, width of a head, RoPE theta, and what other models have.
/// </summary>
internal static class ChatLlmNumbers
{
    /// <summary>Type of a Qwen3-ASR model.</summary>
    public const int SpeechToText = 0x1000010F;

    /// <summary>Type of a Qwen3 forced aligner.</summary>
    public const int ForcedAligner = 0x04000002;

    private const int VersionPlace = 1;
    private const int RopeThetaPlace = 15;

    /// <summary>The model's type.</summary>
    /// <exception cref="ModelFormatException">There are no numbers.</exception>
    public static int TypeOf(GgmmFile file) => file.Numbers.Count > RopeThetaPlace
        ? file.Numbers[0]
        : throw new ModelFormatException("the file has too few numbers of the configuration", file.Location, expected: $"at least {RopeThetaPlace + 1}", found: $"{file.Numbers.Count}");

    /// <summary>Sees that the numbers are those of config.json.</summary>
    /// <exception cref="ModelFormatException">They are not.</exception>
    public static void Check(GgmmFile file, TextDecoderConfig text)
    {
        Require(VersionPlace, "the version of the model", 1);
        Require(3, "vocab_size", text.VocabularySize);
        Require(4, "hidden_size", text.Width);
        Require(5, "num_attention_heads", text.HeadCount);
        Require(6, "num_hidden_layers", text.LayerCount);
        Require(7, "intermediate_size", text.FeedForwardWidth);
        Require(8, "max_position_embeddings", text.MaxPositionCount);
        Require(13, "num_key_value_heads", text.KvHeadCount);
        Require(14, "head_dim", text.HeadWidth);
        float theta = BitConverter.Int32BitsToSingle(file.Numbers[RopeThetaPlace]);
        if (theta != (float)text.RopeTheta) throw Contradiction(file, "rope_theta", (float)text.RopeTheta, theta);

        void Require(int place, string name, int expected)
        {
            if (file.Numbers[place] != expected) throw Contradiction(file, name, expected, file.Numbers[place]);
        }
    }

    private static ModelFormatException Contradiction(GgmmFile file, string name, IFormattable expected, IFormattable found) => new(
        $"the file states {name} twice, and not alike",
        file.Location,
        expected: expected.ToString(null, CultureInfo.InvariantCulture) + " as in its config.json",
        found: found.ToString(null, CultureInfo.InvariantCulture));
}
