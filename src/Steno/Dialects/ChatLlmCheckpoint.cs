using Steno.Checkpoints;
using Steno.Formats.Ggmm;

namespace Steno.Dialects;

/// <summary>Opens files of chatllm.cpp.</summary>
internal static class ChatLlmCheckpoint
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is broken or contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">The file holds another model than Qwen3-ASR.</exception>
    public static Checkpoint Open(string path)
    {
        using GgmmFile file = GgmmFile.Open(path);
        RequireSpeechToText(file);
        CheckpointFiles files = ChatLlmFiles.Read(file);
        using var weights = new ChatLlmWeights(file);
        EmbeddedCheckpoint checkpoint = EmbeddedCheckpoint.Read(
            path, files, weights, () => ChatLlmTokenizerReader.Read(file, files), () => new ChatLlmWeights(GgmmFile.Open(path)));
        ChatLlmNumbers.Check(file, checkpoint.Config.Text);
        return checkpoint;
    }

    private static void RequireSpeechToText(GgmmFile file)
    {
        int type = ChatLlmNumbers.TypeOf(file);
        if (type == ChatLlmNumbers.ForcedAligner) throw ModelSupport.Aligner(file.Location);
        if (type != ChatLlmNumbers.SpeechToText)
        {
            throw new UnsupportedModelException(
                $"{file.Location}: this file of chatllm.cpp holds another model: found type 0x{type:X8}, supported is 0x{ChatLlmNumbers.SpeechToText:X8}, Qwen3-ASR. {OriginalModels.Advice}");
        }
    }
}
