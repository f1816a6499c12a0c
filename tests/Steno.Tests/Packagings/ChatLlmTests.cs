using System.Text.Json.Nodes;
using Steno.Checkpoints;
using Steno.Loading;
using Steno.Tests.Checkpoints;
using Steno.Tokenization;

namespace Steno.Tests.Packagings;

public sealed class ChatLlmTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SourceModel _source = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("Q8_0")]
    public async Task A_file_gives_the_texts_of_the_checkpoint(string type) =>
        await PackagedTexts.AssertSame(_directory.Write("model.any", Write(type).Write()));

    [Fact]
    public void Tokenizer_and_dimensions_are_those_of_the_checkpoint()
    {
        Checkpoint expected = CheckpointFinder.Find(TinyCheckpoint.Directory);
        Checkpoint actual = CheckpointFinder.Find(_directory.Write("model.bin", Write("F16").Write()));

        Assert.Equal(expected.Config with { SupportedLanguages = [] }, actual.Config with { SupportedLanguages = [] });
        Assert.Equal(expected.Config.SupportedLanguages, actual.Config.SupportedLanguages);
        BpeTokenizer tokens = expected.LoadTokenizer();
        const string Text = "language English<asr_text>Turn on the lights, 12 of them! 你好。";
        Assert.Equal(tokens.Encode(Text, allowAddedTokens: true), actual.LoadTokenizer().Encode(Text, allowAddedTokens: true));
        for (int id = 0; id < tokens.VocabularySize; id++) Assert.Equal(tokens.TokenBytes(id).ToArray(), actual.LoadTokenizer().TokenBytes(id).ToArray());
    }

    [Fact]
    public void Added_tokens_may_stand_among_the_others()
    {
        ChatLlmFile file = Write("F16");
        file.Tokens.AddRange(_source.AddedTokens.OrderBy(token => token.Key).Select(token => token.Value));
        Assert.Equal(_source.VocabularySize, CheckpointFinder.Find(_directory.Write("model.bin", file.Write())).LoadTokenizer().VocabularySize);

        file.Tokens[^1] = "<other>";

        AssertFault(file, $"the token {_source.VocabularySize - 1} is another than tokenizer_config.json has; at byte");
    }

    [Fact]
    public void An_aligner_is_refused_as_one()
    {
        ChatLlmFile file = Write("F16");
        file.Numbers[0] = 0x04000002;
        string path = _directory.Write("model.bin", file.Write());

        Assert.Contains("this is a Qwen3 forced aligner", Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
        Assert.Equal(ModelKind.ForcedAligner, StoredModel.Read(path).Kind);
    }

    [Fact]
    public void Another_model_is_refused_by_its_type()
    {
        ChatLlmFile file = Write("F16");
        file.Numbers[0] = 0x710;
        string path = _directory.Write("model.bin", file.Write());

        Assert.Equal(
            $"{path}: this file of chatllm.cpp holds another model: found type 0x00000710, supported is 0x1000010F, Qwen3-ASR. {OriginalModels.Advice}",
            Assert.Throws<UnsupportedModelException>(() => CheckpointFinder.Find(path)).Message);
    }

    [Theory]
    [InlineData(1, "the version of the model")]
    [InlineData(3, "vocab_size")]
    [InlineData(4, "hidden_size")]
    [InlineData(5, "num_attention_heads")]
    [InlineData(6, "num_hidden_layers")]
    [InlineData(7, "intermediate_size")]
    [InlineData(8, "max_position_embeddings")]
    [InlineData(13, "num_key_value_heads")]
    [InlineData(14, "head_dim")]
    [InlineData(15, "rope_theta")]
    public void A_number_that_contradicts_the_configuration_is_a_fault(int place, string name)
    {
        ChatLlmFile file = Write("F16");
        file.Numbers[place]++;

        AssertFault(file, $"the file states {name} twice, and not alike; expected ");
    }

    [Fact]
    public void A_file_that_lacks_a_part_is_a_fault()
    {
        AssertFault(Changed(file => file.Remove("audio.layers.1.mlp.fc0.weight")), "the checkpoint lacks a tensor that its config.json calls for; tensor thinker.audio_tower.layers.1.fc1.weight");
        AssertFault(Changed(file => file.Json.Remove("config.json")), "the file has no config.json in it; convert the model anew; expected a JSON object");
        AssertFault(Changed(file => file.Json["config.json"] = JsonValue.Create(1)), "the file has no config.json in it");
        AssertFault(Changed(file => file.Merges[3] = "x"), "is no merge; expected two symbols with one space between");
        AssertFault(Changed(file => file.Tokens[300] = "\u2028"), "the token 300 has a character outside the byte-level alphabet; at byte");
        AssertFault(Changed(file => file.Tokens.RemoveAt(0)), "no symbol for the single byte");
        AssertFault(Changed(file => file.Add("model.norm.weight", [4], "F32", new float[4])), "two tensors have the same name; tensor model.norm.weight; at byte");
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_a_fault()
    {
        byte[] whole = Write("Q8_0").Write();
        string path = _directory.PathOf("model.bin");
        foreach (int length in Enumerable.Range(4, 40).Concat(Enumerable.Range(1, 400).Select(i => (int)((long)whole.Length * i / 401))))
        {
            File.WriteAllBytes(path, whole[..length]);
            ModelFormatException fault = Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path));
            Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path));
    }

    private ChatLlmFile Write(string type) => new(_source, tensor => TypeMixture.OfChatLlm(type, tensor));

    private ChatLlmFile Changed(Action<ChatLlmFile> change)
    {
        ChatLlmFile file = Write("F16");
        change(file);
        return file;
    }

    private void AssertFault(ChatLlmFile file, string message)
    {
        string path = _directory.Write("model.bin", file.Write());
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => CheckpointFinder.Find(path)).Message, StringComparison.Ordinal);
    }
}
