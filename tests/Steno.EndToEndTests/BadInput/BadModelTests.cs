using System.Buffers.Binary;
using System.Text;

namespace Steno.EndToEndTests.BadInput;

public sealed class BadModelTests
{
    public static TheoryData<string> Changes => [.. ChangesByName.Keys];

    private static Dictionary<string, Action<string>> ChangesByName { get; } = new()
    {
        ["no config"] = directory => File.Delete(Path.Combine(directory, "config.json")),
        ["no weights"] = directory => File.Delete(Weights(directory)),
        ["no vocabulary"] = directory => File.Delete(Path.Combine(directory, "vocab.json")),
        ["no merges"] = directory => File.Delete(Path.Combine(directory, "merges.txt")),
        ["empty config"] = directory => File.WriteAllText(Path.Combine(directory, "config.json"), ""),
        ["config of another model"] = Replacing("config.json", "Qwen3ASRForConditionalGeneration", "WhisperForConditionalGeneration", "\"model_type\": \"qwen3_asr\"", "\"model_type\": \"whisper\""),
        ["config with more layers than there are"] = Replacing("config.json", "\"encoder_layers\": 4", "\"encoder_layers\": 5"),
        ["config with a billion layers"] = Replacing("config.json", "\"encoder_layers\": 4", "\"encoder_layers\": 1000000000"),
        ["config with another width"] = Replacing("config.json", "\"d_model\": 128", "\"d_model\": 256"),
        ["config with no heads"] = Replacing("config.json", "\"num_attention_heads\": 2", "\"num_attention_heads\": 0"),
        ["empty weights"] = directory => File.WriteAllText(Weights(directory), ""),
        ["weights cut in half"] = directory => Truncate(Weights(directory), 2_000_000),
        ["weights cut in the header"] = directory => Truncate(Weights(directory), 1000),
        ["huge header"] = directory => Patch(Weights(directory), 0, bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes, long.MaxValue)),
        ["header of all memory"] = directory => Patch(Weights(directory), 0, bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes, 1L << 40)),
        ["nested header"] = directory => Patch(Weights(directory), 8, bytes => bytes[..10_000].Fill((byte)'[')),
        ["tensor of wrong shape"] = InHeader("\"shape\":[48,1,3,3]", "\"shape\":[48,3,1,3]"),
        ["tensor of wrong type"] = InHeader("conv2d1.bias\":{\"dtype\":\"BF16\"", "conv2d1.bias\":{\"dtype\":\"I16\" "),
        ["tensor out of range"] = InHeader("\"data_offsets\":[0,864]", "\"data_offsets\":[0,999]"),
        ["overlapping tensors"] = InHeader("\"data_offsets\":[864,960]", "\"data_offsets\":[764,860]"),
        ["tensor that is missing"] = InHeader("thinker.audio_tower.conv2d1.bias", "thinker.audio_tower.conv2d1.xxxx"),
        ["tensor that is there twice"] = InHeader("thinker.audio_tower.conv2d2.bias", "thinker.audio_tower.conv2d1.bias"),
        ["tokenizer without the audio token"] = Replacing("tokenizer_config.json", "<|audio_pad|>", "<|audio_xyz|>"),
        ["vocabulary that is no JSON"] = directory => File.WriteAllText(Path.Combine(directory, "vocab.json"), "{\"a\": "),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_broken_checkpoint_is_told_in_one_line(string change)
    {
        using var directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("models", "tiny-asr")))
            File.Copy(file, directory.PathOf(Path.GetFileName(file)));
        ChangesByName[change](directory.Path);

        StenoResult result = await StenoProcess.RunAsync("--silent", "-d", directory.Path, "-i", new Sample("english-1").Path);

        string line = result.AssertFault(exitCode: 4);
        Assert.Contains(directory.Path, line, StringComparison.Ordinal);
        Assert.True(line.Length < 1000, "the line is too long to read: " + line);
    }

    [Fact]
    public async Task A_checkpoint_that_is_not_there_is_told_in_one_line()
    {
        StenoResult result = await StenoProcess.RunAsync("--silent", "-d", "no-such-model", "-i", new Sample("english-1").Path);

        Assert.Contains("no-such-model", result.AssertFault(exitCode: 4), StringComparison.Ordinal);
    }

    private static string Weights(string directory) => Path.Combine(directory, "model.safetensors");

    private static Action<string> Replacing(string file, params string[] oldAndNew) => directory =>
    {
        string path = Path.Combine(directory, file);
        string text = File.ReadAllText(path);
        for (int i = 0; i < oldAndNew.Length; i += 2)
        {
            Assert.Contains(oldAndNew[i], text, StringComparison.Ordinal);
            text = text.Replace(oldAndNew[i], oldAndNew[i + 1], StringComparison.Ordinal);
        }

        File.WriteAllText(path, text);
    };

    private static Action<string> InHeader(string old, string replacement) => directory => Patch(Weights(directory), 0, bytes =>
    {
        byte[] pattern = Encoding.ASCII.GetBytes(old);
        int offset = bytes.IndexOf(pattern);
        Assert.True(offset > 0 && old.Length == replacement.Length, $"'{old}' cannot be replaced in place");
        Encoding.ASCII.GetBytes(replacement).CopyTo(bytes[offset..]);
    });

    private static void Patch(string path, int offset, SpanAction change)
    {
        byte[] content = File.ReadAllBytes(path);
        change(content.AsSpan(offset));
        File.WriteAllBytes(path, content);
    }

    private static void Truncate(string path, long length)
    {
        using FileStream stream = File.OpenWrite(path);
        stream.SetLength(length);
    }

    private delegate void SpanAction(Span<byte> bytes);
}
