namespace Steno.Tests.Packagings;

/// <summary>Texts of the bundled recordings.</summary>
internal static class PackagedTexts
{
    private static readonly string[] Recordings = ["chinese-2", "english-1", "spanish-2"];

    /// <summary>Asserts that a model gives the texts of the built-in one.</summary>
    public static async Task AssertSame(string path)
    {
        using AsrModel model = AsrModel.Load(path);
        var actual = new List<string>();
        foreach (string name in Recordings) actual.Add((await model.TranscribeAsync(Samples.AudioPath(name), cancellationToken: TestContext.Current.CancellationToken)).Text);

        Assert.Equal(Recordings.Select(Samples.Text), actual);
    }
}
