using System.Text.Json;

namespace Steno.EndToEndTests;

public sealed class CompareWeightsTests
{
    private static readonly string Audio = new Sample("english-2").Path;

    [Fact]
    public async Task Tables_tell_cost_predictions_texts_and_activations()
    {
        StenoResult result = (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr", Audio, "--weights-b", "f32", "--threads", "1")).AssertSuccess();

        Assert.Equal($"Comparing on {Audio}\n", result.Error);
        Assert.Matches(@"(?m)^weights held as +stored +f32$", result.Output);
        Assert.Matches(@"(?m)^weights in memory +4\.2 MB +8\.4 MB +1\.99$", result.Output);
        Assert.Matches(@"(?m)^token after the first +[0-9.]+ ms +[0-9.]+ ms +[0-9.]+$", result.Output);
        Assert.Contains("\nSame choice for 9 of 9 tokens, each model given A's text so far.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nTexts: 1 of 1 identical, 0 of 4 words differ, 2.6 s of audio.\n", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^decoder\.3 +0\.00E\+00 +1\.0000000 +1\.0000000$", result.Output);
    }

    [Fact]
    public async Task Json_tells_the_same()
    {
        StenoResult result = (await StenoProcess.RunAsync("compare-weights", "tiny-asr", Repository.PathOf("models", "tiny-asr"), Audio, "--json", "--silent")).AssertSuccess();

        Assert.Equal("", result.Error);
        using JsonDocument document = JsonDocument.Parse(result.OutputBytes);
        JsonElement root = document.RootElement;
        Assert.Equal(["a", "b", "audio_seconds", "predictions", "texts", "activations"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(4205384, root.GetProperty("a").GetProperty("file_bytes").GetInt64());
        Assert.Equal(9, root.GetProperty("predictions").GetProperty("same_choice").GetInt64());
        Assert.Equal("Stop the music please.", root.GetProperty("texts")[0].GetProperty("b").GetString());
        Assert.Equal(12, root.GetProperty("activations").GetArrayLength());
    }

    [Fact]
    public async Task Faults_have_the_exit_codes_of_the_other_commands()
    {
        string notAudio = Repository.PathOf("README.md");

        Assert.Contains("absent.wav: there is no such file", (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr", "absent.wav")).AssertFault(3), StringComparison.Ordinal);
        Assert.Equal(3, (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr", notAudio, "--silent")).ExitCode);
        Assert.Contains("there is no such file", (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "absent.gguf", Audio)).AssertFault(4), StringComparison.Ordinal);
        Assert.Contains("a second file was named", (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr", Audio, "--mmproj-b", notAudio)).AssertFault(4), StringComparison.Ordinal);
        Assert.Contains("--weights-a cannot be 'q1'", (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr", Audio, "--weights-a", "q1")).AssertFault(2), StringComparison.Ordinal);
        (await StenoProcess.RunAsync("compare-weights", "tiny-asr", "tiny-asr")).AssertFault(2);
    }
}
