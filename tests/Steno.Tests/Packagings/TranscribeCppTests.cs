using System.Globalization;
using Steno.Loading;
using Steno.Tests.Checkpoints;
using Steno.Tokenization;

namespace Steno.Tests.Packagings;

public sealed class TranscribeCppTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SourceModel _source = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("F32", 1)]
    [InlineData("BF16", 1)]
    [InlineData("F16", 1)]
    [InlineData("Q8_0", 1)]
    [InlineData("Q6_K", 2)]
    public async Task A_file_gives_the_texts_of_the_checkpoint(string preset, int copies)
    {
        GgufTestWriter file = TranscribeCppFile.Write(new SourceModel(copies), tensor => TypeMixture.OfTranscribeCpp(preset, tensor));

        await PackagedTexts.AssertSame(_directory.Write("model.bin", file.Write()));
    }

    [Theory]
    [InlineData("stt.frontend.type", "'wav2vec'", "'mel'")]
    [InlineData("stt.frontend.sample_rate", "8000", "16000")]
    [InlineData("stt.frontend.n_fft", "512", "400")]
    [InlineData("stt.frontend.win_length", "320", "400")]
    [InlineData("stt.frontend.hop_length", "80", "160")]
    [InlineData("stt.frontend.window", "'hamming'", "'hann_periodic'")]
    [InlineData("stt.frontend.normalize", "'per_feature'", "'per_utterance'")]
    [InlineData("stt.frontend.dither", "0.5", "0")]
    [InlineData("stt.frontend.pre_emphasis", "0.97", "0")]
    [InlineData("stt.frontend.f_min", "20", "0")]
    [InlineData("stt.frontend.f_max", "7600", "8000")]
    [InlineData("stt.frontend.pad_mode", "'constant'", "'reflect'")]
    [InlineData("stt.frontend.center", "false", "true")]
    [InlineData("stt.frontend.mel_norm", "'htk'", "'slaney'")]
    public void A_foreign_front_end_is_refused(string key, string found, string supported) =>
        Assert.EndsWith($": the model wants another audio front end: found {key} is {found}, supported is {supported}.", Refusal(key, found), StringComparison.Ordinal);

    [Theory]
    [InlineData("stt.qwen3_asr.encoder.activation", "'relu'", "'gelu'")]
    [InlineData("stt.qwen3_asr.decoder.hidden_act", "'gelu'", "'silu'")]
    [InlineData("stt.qwen3_asr.decoder.rope_mrope_interleaved", "false", "true")]
    [InlineData("stt.qwen3_asr.decoder.tie_word_embeddings", "false", "true")]
    public void A_foreign_network_is_refused(string key, string found, string supported) =>
        Assert.EndsWith($": Steno does not run this variant of Qwen3-ASR: found {key} is {found}, supported is {supported}.", Refusal(key, found), StringComparison.Ordinal);

    [Theory]
    [InlineData("stt.frontend.num_mels", 80u, "contradicts stt.qwen3_asr.encoder.num_mel_bins; ")]
    [InlineData("stt.qwen3_asr.decoder.n_layers", 5u, "contradicts the tensors; ")]
    [InlineData("stt.qwen3_asr.encoder.ffn_dim", 7u, "contradicts the tensors; ")]
    public void A_number_that_contradicts_the_rest_is_a_fault(string key, uint value, string problem)
    {
        string path = _directory.Write("model.gguf", Plain().WithoutKey(key).Number(key, value).Write());

        Assert.StartsWith($"{path}: {key} {problem}", Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_kind_is_a_fault()
    {
        string path = _directory.Write("model.gguf", Plain().WithoutKey("stt.frontend.center").Number("stt.frontend.center", 1).Write());

        Assert.Contains("stt.frontend.center cannot be used; at byte", Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
    }

    // As the published files have them behind the added tokens.
    [Fact]
    public void Ids_without_a_token_stand_for_nothing()
    {
        GgufTestWriter file = Plain();
        string[] tokens = [.. _source.Symbols, .. Enumerable.Range(_source.Symbols.Length, 8).Select(id => _source.AddedTokens[id]), "<|unused_9998|>", "<|unused_9999|>"];
        SourceTensor embedding = _source.Tensor("thinker.model.embed_tokens.weight");
        file.WithoutKey("tokenizer.ggml.tokens").WithoutKey("tokenizer.ggml.token_type").WithoutKey("stt.qwen3_asr.decoder.vocab_size").Without("dec.token_embd.weight");
        file.Texts("tokenizer.ggml.tokens", tokens).Tensor("dec.token_embd.weight", [tokens.Length, embedding.Shape[1]], 0, [.. embedding.Values.SelectMany(BitConverter.GetBytes), .. new byte[2 * 4 * embedding.Shape[1]]]);
        string path = _directory.Write("model.gguf", file.Write());

        BpeTokenizer tokenizer = CheckpointFinder.Find(path).LoadTokenizer();

        Assert.Equal(CheckpointFinder.Find(TinyCheckpoint.Directory).LoadTokenizer().SpecialTokens, tokenizer.SpecialTokens);
        Assert.False(tokenizer.IsAdded(tokens.Length - 1));
        Assert.False(tokenizer.IsSpecial(_source.AddedTokens.Single(token => token.Value == "<asr_text>").Key));
    }

    private GgufTestWriter Plain() => TranscribeCppFile.Write(_source, tensor => TypeMixture.OfTranscribeCpp("F32", tensor));

    private string Refusal(string key, string found)
    {
        GgufTestWriter file = Plain().WithoutKey(key);
        if (found.StartsWith('\'')) file.Text(key, found.Trim('\''));
        else if (found is "true" or "false") file.Bool(key, found == "true");
        else if (key.EndsWith("_min", StringComparison.Ordinal) || key.EndsWith("_max", StringComparison.Ordinal) || key.EndsWith("dither", StringComparison.Ordinal) || key.EndsWith("emphasis", StringComparison.Ordinal)) file.Single(key, float.Parse(found, CultureInfo.InvariantCulture));
        else file.Number(key, uint.Parse(found, CultureInfo.InvariantCulture));
        string path = _directory.Write("model.gguf", file.Write());
        return Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message;
    }
}
