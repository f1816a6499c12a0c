namespace Steno.Tests.Hub;

/// <summary>Models of other programs, fetched by the names that Steno has for them.</summary>
public sealed class PackagedPullTests
{
    [Fact]
    public async Task Of_a_repository_with_one_file_for_each_precision_one_is_fetched()
    {
        await using var hub = new HubFixture();
        hub.Server.Add("handy-computer/Qwen3-ASR-0.6B-gguf")
            .Add("README.md", "text"u8.ToArray())
            .Add("Qwen3-ASR-0.6B-Q4_K_M.gguf", [1, 2], isLarge: true)
            .Add("Qwen3-ASR-0.6B-Q8_0.gguf", [1, 2, 3], isLarge: true);

        InstalledModel model = await hub.PullAsync(name: "transcribe.cpp-0.6b");

        Assert.Equal(("transcribe.cpp-0.6b", ModelKind.SpeechToText, true), (model.Name, model.Kind, model.IsWhole));
        Assert.Equal([Path.Combine(model.Directory, "Qwen3-ASR-0.6B-Q8_0.gguf")], Directory.GetFiles(model.Directory));
        Assert.Equal(model, hub.Store.FindDefault());

        await hub.PullAsync(new PullOptions { Files = ["Qwen3-ASR-0.6B-Q4_K_M.gguf"] }, "handy-computer/Qwen3-ASR-0.6B-gguf");

        Assert.Equal(2, Directory.GetFiles(model.Directory).Length);
    }

    [Fact]
    public async Task Of_a_repository_with_a_folder_for_each_model_one_folder_is_the_model()
    {
        await using var hub = new HubFixture();
        hub.Server.Add("audio-cpp/audio.cpp-gguf")
            .Add("Kokoro-82M-GGUF/kokoro.gguf", [1], isLarge: true)
            .Add("Qwen3-ASR-0.6B-GGUF/qwen3-asr-0.6b-q8_0.gguf", [1, 2], isLarge: true)
            .Add("Qwen3-ForcedAligner-0.6B-GGUF/qwen3-forced-aligner-0.6b-q8_0.gguf", [1, 2, 3], isLarge: true);

        InstalledModel model = await hub.PullAsync(name: "audio.cpp-0.6b");
        InstalledModel aligner = await hub.PullAsync(name: "audio.cpp-aligner");

        Assert.Equal((ModelKind.SpeechToText, ModelKind.ForcedAligner), (model.Kind, aligner.Kind));
        Assert.Equal([Path.Combine(model.Directory, "qwen3-asr-0.6b-q8_0.gguf")], Directory.GetFiles(model.Directory));
        Assert.Equal([Path.Combine(aligner.Directory, "qwen3-forced-aligner-0.6b-q8_0.gguf")], Directory.GetFiles(aligner.Directory));
        Assert.Equal(["audio.cpp-0.6b", "audio.cpp-aligner"], hub.Store.List().Select(listed => listed.Name));
        Assert.True(hub.Store.Remove("audio.cpp-0.6b"));
        Assert.Equal(["audio.cpp-aligner"], hub.Store.List().Select(listed => listed.Name));
    }
}
