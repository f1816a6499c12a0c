using System.Text;

namespace Steno.EndToEndTests;

/// <summary>What a run of steno left.</summary>
internal sealed record StenoResult(int ExitCode, byte[] OutputBytes, string Error)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Standard output; throws when it is not UTF-8.</summary>
    public string Output => StrictUtf8.GetString(OutputBytes);

    public string[] ErrorLines => Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    public StenoResult AssertSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}; standard error: {Error}");
        AssertNoTrace();
        return this;
    }

    /// <summary>Asserts a fault that is told in one line, and nothing on standard output.</summary>
    /// <returns>That line, without its prefix.</returns>
    public string AssertFault(int exitCode)
    {
        Assert.True(exitCode == ExitCode, $"expected exit code {exitCode}, got {ExitCode}; standard error: {Error}");
        Assert.Equal("", Output);
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith("steno: ", line, StringComparison.Ordinal);
        AssertNoTrace();
        return line["steno: ".Length..];
    }

    public void AssertNoTrace()
    {
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault in Steno", Error, StringComparison.Ordinal);
    }
}
