using Steno.Checkpoints;
using Steno.Formats.Gguf;
using Steno.Model;
using Steno.Tensors;
using Steno.Tokenization;

namespace Steno.Dialects;

/// <summary>A checkpoint in one GGUF file, or in a pair of them.</summary>
internal sealed class GgufCheckpoint : Checkpoint
{
    private readonly BpeTokenizer _tokenizer;
    private readonly string _textPath;
    private readonly string _audioPath;
    private readonly GgufDialect _dialect;

    private GgufCheckpoint(string path, GgufWeights weights)
    {
        Location = path;
        _textPath = weights.Text.Location;
        _audioPath = weights.Audio.Location;
        _dialect = weights.Dialect;
        GgufConfigReader.RequireSpeechToText(weights);
        _tokenizer = ReadTokenizer(weights.Text);
        Config = GgufConfigReader.Read(weights, _tokenizer.SpecialTokens);
        GgufConfigReader.CheckTensors(weights, Config);
    }

    /// <inheritdoc/>
    public override string Location { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files => [.. new[] { _textPath, _audioPath }.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override ModelConfig Config { get; }

    /// <summary>Null: the end token that files name differs from converter to converter.</summary>
    public override IReadOnlyList<int>? StopTokenIds => null;

    /// <summary>Opens a file of any dialect.</summary>
    /// <param name="path">A file that holds a model, or either file of a pair.</param>
    /// <param name="companionPath">The other file of a pair; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts itself or the other.</exception>
    /// <exception cref="UnsupportedModelException">The files hold another model than Qwen3-ASR.</exception>
    public static Checkpoint Open(string path, string? companionPath)
    {
        using GgufFile file = GgufFile.Open(path);
        if (GgufFileKinds.Of(file) == GgufFileKind.AudioCpp)
        {
            RequireNoCompanion(file, companionPath);
            return AudioCppCheckpoint.Open(file);
        }

        using GgufWeights weights = OpenFiles(file, companionPath);
        return new GgufCheckpoint(path, weights);
    }

    /// <summary>Opens what a file of a dialect is, or is the half of.</summary>
    /// <param name="file">The file, which the result then owns.</param>
    /// <param name="companionPath">The other file of a pair; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">The file has gaps that its dialect does not have, or the other file is missing, broken, or does not fit.</exception>
    public static GgufWeights OpenFiles(GgufFile file, string? companionPath)
    {
        GgufFileKind kind = GgufFileKinds.Of(file);
        if (kind is GgufFileKind.LlamaCppText or GgufFileKind.LlamaCppAudio) return OpenPair(file, isText: kind == GgufFileKind.LlamaCppText, companionPath);
        RequireNoCompanion(file, companionPath);
        GgufDialect dialect = GgufDialect.OfWholeModel(file.Metadata.Text(GgufFileKinds.ArchitectureKey))!;
        if (dialect.IsContiguous) file.RequireContiguous();
        return new GgufWeights(file, file, dialect);
    }

    /// <inheritdoc/>
    public override BpeTokenizer LoadTokenizer() => _tokenizer;

    /// <inheritdoc/>
    public override IWeightSource OpenWeights()
    {
        GgufFile text = GgufFile.Open(_textPath);
        try
        {
            return new GgufWeights(text, _audioPath == _textPath ? text : GgufFile.Open(_audioPath), _dialect);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    private static void RequireNoCompanion(GgufFile file, string? companionPath)
    {
        if (companionPath is null) return;
        throw new ModelFormatException(
            "a second file was named, but this file holds the whole model", file.Location, expected: "one file", found: companionPath);
    }

    private static GgufWeights OpenPair(GgufFile file, bool isText, string? companionPath)
    {
        GgufFile other = companionPath is null ? isText ? GgufCompanion.FindAudio(file) : GgufCompanion.FindText(file) : GgufFile.Open(companionPath);
        try
        {
            (GgufFile text, GgufFile audio) = isText ? (file, other) : (other, file);
            if (!GgufCompanion.Fits(text, audio))
            {
                throw new ModelFormatException(
                    "the two files are not the halves of one model",
                    file.Location,
                    expected: isText ? "the mmproj file of this language model" : "the language model of this mmproj file",
                    found: other.Location);
            }

            return new GgufWeights(text, audio, GgufDialect.LlamaCpp(text.Metadata.Text(GgufFileKinds.ArchitectureKey)!));
        }
        catch
        {
            other.Dispose();
            throw;
        }
    }

    // Some files come without merges, or without any tokenizer; then the checkpoint's own files may lie beside them.
    private static BpeTokenizer ReadTokenizer(GgufFile file)
    {
        if (GgufTokenizerReader.IsIn(file)) return GgufTokenizerReader.Read(file);
        string directory = Path.GetDirectoryName(Path.GetFullPath(file.Location))!;
        string? vocabulary = Beside("vocab.json");
        string? merges = Beside("merges.txt");
        string? json = Beside("tokenizer.json");
        if (json is null && (vocabulary is null || merges is null))
        {
            throw new ModelFormatException(
                "the file has no tokenizer",
                file.Location,
                expected: "tokenizer.ggml.tokens and tokenizer.ggml.merges, or tokenizer.json or vocab.json and merges.txt beside it",
                found: "none of these");
        }
        return TokenizerLoader.Load(vocabulary, merges, Beside("tokenizer_config.json"), json);

        string? Beside(string name) => File.Exists(Path.Combine(directory, name)) ? Path.Combine(directory, name) : null;
    }
}
