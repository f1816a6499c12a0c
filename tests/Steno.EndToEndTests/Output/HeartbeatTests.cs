using Steno.EndToEndTests.FileSystem;

namespace Steno.EndToEndTests.Output;

/// <summary>Long work says every half minute that it goes on, where no terminal shows it.</summary>
public sealed class HeartbeatTests
{
    [Fact]
    public async Task After_half_a_minute_a_line_comes_unless_silence_is_asked_for()
    {
        using var directory = new TemporaryDirectory();
        var sample = new Sample("english-2");
        string pipe = SpecialFile.MakePipe(directory.PathOf("talk.wav"));
        using StenoProcess input = StenoProcess.Start(["-"]);
        using StenoProcess silent = StenoProcess.Start(["-", "--silent"]);
        using StenoProcess folder = StenoProcess.Start([pipe, "-o", directory.PathOf("texts/")]);

        await input.WaitForErrorTextAsync("standard input: at work for 0:00:3");
        await folder.WaitForErrorTextAsync($"{pipe}: at work for 0:00:3");
        foreach (StenoProcess process in (StenoProcess[])[input, silent]) await process.WriteInputAsync(sample.Wav);
        Assert.True(SpecialFile.TryRun("/bin/sh", "-c", $"cat '{sample.Path}' > '{pipe}'"));

        Assert.Equal(sample.Text + "\n", (await input.WaitAsync()).AssertSuccess().Output);
        Assert.Equal("", (await silent.WaitAsync()).AssertSuccess().Error);
        (await folder.WaitAsync()).AssertSuccess();
        Assert.Equal(sample.Text + "\n", await File.ReadAllTextAsync(directory.PathOf("texts", "talk.txt"), TestContext.Current.CancellationToken));
    }
}
