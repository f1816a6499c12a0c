using Steno.Tests.Dialects;
using Steno.Tests.Hub;
using Steno.Verification;

namespace Steno.Tests.Verification;

public sealed class FileChecksTests
{
    [Fact]
    public async Task One_flipped_bit_of_an_installed_model_is_seen()
    {
        await using var hub = new HubFixture();
        InstalledModel model = await hub.PullAsync();
        string weights = Path.Combine(model.Directory, HubFixture.Weights);
        VerificationCheck whole = await FileChecks.CompareChecksumsAsync(model.Directory, [weights], TestContext.Current.CancellationToken);
        byte[] bytes = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        bytes[12_345] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes, TestContext.Current.CancellationToken);

        VerificationCheck ofDirectory = await FileChecks.CompareChecksumsAsync(model.Directory, [weights], TestContext.Current.CancellationToken);
        VerificationCheck ofFile = await FileChecks.CompareChecksumsAsync(weights, [weights], TestContext.Current.CancellationToken);

        Assert.Equal(("3 files as they were pulled", "3 files as they were pulled", true), (whole.Expected, whole.Found, whole.IsOk));
        Assert.Matches("^model.safetensors has the SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}$", ofDirectory.Found);
        Assert.Equal(("the file as it was pulled", ofDirectory.Found, false), (ofFile.Expected, ofFile.Found, ofFile.IsOk));
    }

    [Fact]
    public async Task Every_file_that_is_missing_or_has_another_length_is_named()
    {
        await using var hub = new HubFixture();
        InstalledModel model = await hub.PullAsync();
        File.Delete(Path.Combine(model.Directory, "vocab.json"));
        await File.AppendAllTextAsync(Path.Combine(model.Directory, "config.json"), " ", TestContext.Current.CancellationToken);

        VerificationCheck check = await FileChecks.CompareChecksumsAsync(model.Directory, [], TestContext.Current.CancellationToken);

        Assert.False(check.IsOk);
        Assert.Contains("config.json has 27 bytes instead of 26", check.Found, StringComparison.Ordinal);
        Assert.Contains("vocab.json is missing", check.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_a_store_nothing_is_known_and_that_is_told()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("manifest.json", "{}");
        string model = Directory.CreateDirectory(directory.PathOf("model")).FullName;

        VerificationCheck check = await FileChecks.CompareChecksumsAsync(model, [], TestContext.Current.CancellationToken);

        Assert.Equal(("", "none known: no model of the store", true), (check.Expected, check.Found, check.IsOk));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(100_000, false)]
    public void Bytes_after_the_last_tensor_are_seen(int surplus, bool isOk)
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("m.gguf", [.. TinyGguf.CrispAsr(new TinyGgufOptions("Q8_0")).Write(), .. new byte[surplus]]);

        VerificationCheck check = Assert.Single(FileChecks.CompareEnds([path]));

        Assert.Equal((isOk, isOk ? "the end of the file" : $"{surplus} more bytes"), (check.IsOk, check.Found));
    }

    [Fact]
    public void A_file_may_end_without_the_padding_of_its_last_tensor()
    {
        using var directory = new TemporaryDirectory();
        byte[] file = new GgufTestWriter().Text("general.architecture", "qwen3asr").Tensor("t", [3], 0, new byte[12]).Write();

        Assert.True(Assert.Single(FileChecks.CompareEnds([directory.Write("a.gguf", file.AsSpan(0, file.Length - 20))])).IsOk);
        Assert.True(Assert.Single(FileChecks.CompareEnds([directory.Write("b.gguf", file)])).IsOk);
    }

    [Fact]
    public void Files_of_other_formats_have_no_such_end() =>
        Assert.Empty(FileChecks.CompareEnds([Repository.PathOf("models", "tiny-asr", "model.safetensors")]));
}
