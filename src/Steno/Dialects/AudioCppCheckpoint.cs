using Steno.Checkpoints;
using Steno.Formats;
using Steno.Formats.Gguf;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>Opens files of audio.cpp.</summary>
internal static class AudioCppCheckpoint
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">The file is broken or contradicts itself.</exception>
    /// <exception cref="UnsupportedModelException">The file holds another model than Qwen3-ASR.</exception>
    public static Checkpoint Open(GgufFile file)
    {
        RequireSpeechToText(file);
        string path = file.Location;
        CheckpointFiles files = AudioCppFiles.Read(file);
        return EmbeddedCheckpoint.Read(path, files, new AudioCppWeights(file), () => LoadTokenizer(files), () => OpenWeights(path));
    }

    /// <summary>Opens the tensors of a file, under the original names.</summary>
    /// <exception cref="ModelFormatException">The file is broken or contradicts itself.</exception>
    public static IWeightSource OpenWeights(string path)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            return new AudioCppWeights(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void RequireSpeechToText(GgufFile file)
    {
        string? family = file.Metadata.Text(AudioCppKeys.Family);
        if (family == AudioCppKeys.ForcedAligner) throw ModelSupport.Aligner(file.Location);
        if (family is not (null or AudioCppKeys.SpeechToText))
        {
            throw new UnsupportedModelException(
                $"{file.Location}: this file of audio.cpp holds another model: found family '{MessageText.Excerpt(family)}', supported is '{AudioCppKeys.SpeechToText}'. {OriginalModels.Advice}");
        }
    }

    private static BpeTokenizer LoadTokenizer(CheckpointFiles files)
    {
        return TokenizerLoader.Load(Reader("vocab.json"), Reader("merges.txt"), files.Find("tokenizer_config.json"), Reader("tokenizer.json"), files.PathOf("vocab.json"));

        Func<TokenizerFile>? Reader(string name) => files.Find(name) is { } file ? () => file : null;
    }
}
