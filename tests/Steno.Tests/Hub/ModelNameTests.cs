using Steno.Hub;

namespace Steno.Tests.Hub;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("0.6b", "Qwen/Qwen3-ASR-0.6B", "main", "0.6b")]
    [InlineData("1.7B", "Qwen/Qwen3-ASR-1.7B", "main", "1.7b")]
    [InlineData("aligner", "Qwen/Qwen3-ForcedAligner-0.6B", "main", "aligner")]
    [InlineData("silero-vad", "onnx-community/silero-vad", "main", "silero-vad")]
    [InlineData("0.6b@v2", "Qwen/Qwen3-ASR-0.6B", "v2", "0.6b@v2")]
    [InlineData("qwen/qwen3-asr-0.6b", "Qwen/Qwen3-ASR-0.6B", "main", "0.6b")]
    [InlineData("transcribe.cpp-0.6B", "handy-computer/Qwen3-ASR-0.6B-gguf", "main", "transcribe.cpp-0.6b")]
    [InlineData("handy-computer/qwen3-asr-1.7b-gguf", "handy-computer/Qwen3-ASR-1.7B-gguf", "main", "transcribe.cpp-1.7b")]
    [InlineData("audio.cpp-0.6b", "audio-cpp/audio.cpp-gguf", "main", "audio.cpp-0.6b")]
    [InlineData("audio.cpp-aligner@a--b", "audio-cpp/audio.cpp-gguf", "a--b", "audio.cpp-aligner@a--b")]
    [InlineData("audio-cpp/audio.cpp-gguf/Qwen3-ASR-1.7B-GGUF", "audio-cpp/audio.cpp-gguf", "main", "audio.cpp-1.7b")]
    [InlineData("audio-cpp/audio.cpp-gguf", "audio-cpp/audio.cpp-gguf", "main", "audio-cpp/audio.cpp-gguf")]
    [InlineData("mlx-0.6b-4bit", "mlx-community/Qwen3-ASR-0.6B-4bit", "main", "mlx-0.6b-4bit")]
    [InlineData("mlx-community/Qwen3-ASR-1.7B-bf16", "mlx-community/Qwen3-ASR-1.7B-bf16", "main", "mlx-1.7b-bf16")]
    [InlineData("a/b@refs/pr/1", "a/b", "refs/pr/1", "a/b@refs/pr/1")]
    [InlineData("a_1/b.c-d_", "a_1/b.c-d_", "main", "a_1/b.c-d_")]
    public void Names_are_read(string text, string repository, string revision, string shortest)
    {
        ModelName name = ModelName.Parse(text);

        Assert.Equal((repository, revision, shortest), (name.Repository, name.Revision, name.Text));
        Assert.True(ModelName.TryParseDirectory(name.DirectoryName, out ModelName? again));
        Assert.Equal(name.Text, again.Text);
    }

    [Fact]
    public void Models_that_share_a_repository_do_not_share_a_place()
    {
        string[] names = ["audio.cpp-0.6b", "audio.cpp-1.7b", "audio.cpp-aligner", "audio-cpp/audio.cpp-gguf", "audio.cpp-0.6b@v2"];

        Assert.Distinct(names.Select(name => ModelName.Parse(name).DirectoryName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2b")]
    [InlineData("a")]
    [InlineData("a/b/c")]
    [InlineData("audio-cpp/audio.cpp-gguf/Kokoro-82M-GGUF")]
    [InlineData("mlx-0.6b")]
    [InlineData("/b")]
    [InlineData("a/")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/b--c")]
    [InlineData("a/b c")]
    [InlineData("a/b?x=1")]
    [InlineData("a/b#x")]
    [InlineData("a/b%2Fc")]
    [InlineData("a/模型")]
    [InlineData("a\\b")]
    [InlineData("https://example.org/a/b")]
    [InlineData("a/b@")]
    [InlineData("a/b@../c")]
    [InlineData("a/b@-x")]
    [InlineData("a/b@x//y")]
    [InlineData("a/b@x.")]
    [InlineData("a/b@x@y")]
    [InlineData("a/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")]
    public void Other_texts_are_no_names(string text)
    {
        Assert.False(ModelName.TryParse(text, out _));
        Assert.Throws<ArgumentException>(() => ModelName.Parse(text));
    }
}
