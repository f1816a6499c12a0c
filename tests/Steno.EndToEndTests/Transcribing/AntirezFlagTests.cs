namespace Steno.EndToEndTests.Transcribing;

/// <summary>The command lines of qwen_asr work as they are, with and without the verb.</summary>
public sealed class AntirezFlagTests
{
    private static readonly Sample Sample = new("english-4");
    private static readonly string Model = Repository.PathOf("models", "tiny-asr");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_with_all_the_flags(bool namesVerb)
    {
        string[] flags = ["-d", Model, "-i", Sample.Path, "-t", "4", "--silent", "--language", "English", "--prompt", "Music at home."];

        StenoResult result = (await StenoProcess.RunAsync(namesVerb ? ["transcribe", .. flags] : flags)).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Standard_input()
    {
        StenoResult result = (await StenoProcess.RunWithInputAsync(Sample.Wav, "-d", Model, "--stdin", "--silent")).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
    }

    [Theory]
    [InlineData("--silent --debug", true)]
    [InlineData("--debug --silent", false)]
    public async Task The_later_of_silent_and_debug_counts(string flags, bool isDebug)
    {
        StenoResult result = (await StenoProcess.RunAsync(["-d", Model, "-i", Sample.Path, .. flags.Split(' ')])).AssertSuccess();

        Assert.Equal(Sample.Text + "\n", result.Output);
        Assert.Equal(isDebug, result.Error.Contains("Threads: ", StringComparison.Ordinal));
        Assert.Equal(isDebug, result.Error.Length > 0);
    }

    [Fact]
    public async Task A_named_model_is_told_instead_of_the_built_in_one()
    {
        StenoResult result = (await StenoProcess.RunAsync("-d", Model, "-i", Sample.Path)).AssertSuccess();

        Assert.Equal("Loading model from " + Model, result.ErrorLines[0]);
        Assert.DoesNotContain("built-in", result.Error, StringComparison.Ordinal);
    }
}
