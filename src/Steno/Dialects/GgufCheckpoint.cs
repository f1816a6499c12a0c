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

    /// <inheritdoc/>
    public override string Packaging => "GGUF";

    /// <summary>Null: the end token that files name differs from converter to converter.</summary>
    public override IReadOnlyList<int>? StopTokenIds => null;

    /// <summary>Opens a file of any dialect.</summary>
    /// <param name="path">A file that holds a model, or either file of a pair.</param>
    /// <param name="companionPath">The other file of a pair; null to look for it beside the first.</param>
    /// <exception cref="ModelFormatException">A file is missing, broken, or contradicts itself or the other.</exception>
    /// <exception cref="UnsupportedModelException">The files hold another model than Qwen3-ASR.</exception>
    public static GgufCheckpoint Open(string path, string? companionPath)
    {
        using GgufWeights weights = OpenFiles(path, companionPath);
        return new GgufCheckpoint(path, weights);
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

    private static GgufWeights OpenFiles(string path, string? companionPath)
    {
        GgufFile file = GgufFile.Open(path);
        GgufFile? other = null;
        try
        {
            GgufFileKind kind = GgufFileKinds.Of(file);
            if (kind is not (GgufFileKind.LlamaCppText or GgufFileKind.LlamaCppAudio))
            {
                if (companionPath is not null)
                {
                    throw new ModelFormatException(
                        "a second file was named, but this file holds the whole model", path, expected: "one file", found: companionPath);
                }
                return new GgufWeights(file, file, Dialect(kind));
            }

            bool isText = kind == GgufFileKind.LlamaCppText;
            other = companionPath is null ? isText ? GgufCompanion.FindAudio(file) : GgufCompanion.FindText(file) : GgufFile.Open(companionPath);
            (GgufFile text, GgufFile audio) = isText ? (file, other) : (other, file);
            if (!GgufCompanion.Fits(text, audio))
            {
                throw new ModelFormatException(
                    "the two files are not the halves of one model",
                    path,
                    expected: isText ? "the mmproj file of this language model" : "the language model of this mmproj file",
                    found: other.Location);
            }
            return new GgufWeights(text, audio, GgufDialect.LlamaCpp(text.Metadata.Text(GgufFileKinds.ArchitectureKey)!));
        }
        catch
        {
            file.Dispose();
            other?.Dispose();
            throw;
        }
    }

    private static GgufDialect Dialect(GgufFileKind kind) => kind switch
    {
        GgufFileKind.CrispAsr => GgufDialect.CrispAsr,
        GgufFileKind.PredictWoo => GgufDialect.PredictWoo,
        _ => GgufDialect.QwenAsrCpp,
    };

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
