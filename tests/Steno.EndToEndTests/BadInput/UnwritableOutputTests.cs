namespace Steno.EndToEndTests.BadInput;

/// <summary>What happens to --output, with a model that cannot be loaded: nothing may depend on it.</summary>
public sealed class UnwritableOutputTests
{
    private static readonly string Recording = new Sample("english-1").Path;

    [Fact]
    public async Task A_directory_that_does_not_exist_is_told_before_the_model_is_loaded()
    {
        StenoResult result = await StenoProcess.RunAsync("-d", "no-such-model", "-o", "no-such-directory/out.txt", Recording);

        string line = result.AssertFault(exitCode: 5);
        Assert.Contains("no-such-directory/out.txt: the output cannot be written", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_is_not_an_output_file()
    {
        using var directory = new TemporaryDirectory();

        StenoResult result = await StenoProcess.RunAsync("-d", "no-such-model", "-o", directory.Path, Recording);

        Assert.Contains("it is a directory", result.AssertFault(exitCode: 5), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_told_before_the_model_is_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems count names in other units");
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf(new string('n', 256));

        StenoResult text = await StenoProcess.RunAsync("-d", "no-such-model", "-o", path, Recording);
        StenoResult model = await StenoProcess.RunAsync("convert", "tiny-asr", "-o", path);

        Assert.Equal($"{path}: the output cannot be written: the name is too long", text.AssertFault(exitCode: 5));
        Assert.Equal($"tiny-asr: {path}: the file cannot be written: the name is too long", model.AssertFault(exitCode: 5));
    }

    [Fact]
    public async Task A_fault_leaves_an_older_file_as_it_was_and_nothing_beside_it()
    {
        using var directory = new TemporaryDirectory();
        string output = directory.Write("out.txt", "older"u8.ToArray());

        StenoResult result = await StenoProcess.RunAsync("--silent", "-d", "no-such-model", "-o", output, Recording);

        result.AssertFault(exitCode: 4);
        Assert.Equal("older", await File.ReadAllTextAsync(output));
        Assert.Equal(["out.txt"], directory.FileNames);
    }

    [Fact]
    public async Task A_fault_leaves_no_new_file()
    {
        using var directory = new TemporaryDirectory();

        StenoResult result = await StenoProcess.RunAsync("--silent", "-d", "no-such-model", "-o", directory.PathOf("out.txt"), Recording);

        result.AssertFault(exitCode: 4);
        Assert.Empty(directory.FileNames);
    }
}
