namespace Steno.EndToEndTests.Regressing;

/// <summary>A folder of recordings, each with a text beside it.</summary>
internal sealed class RegressFolder : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public string Path => _directory.Path;

    public string PathOf(params string[] parts) => _directory.PathOf(parts);

    /// <summary>Adds a bundled recording.</summary>
    /// <param name="name">Its name in the samples.</param>
    /// <param name="text">What the text beside it says; null for none.</param>
    /// <param name="fileName">Its name in the folder, without extension; null for the same.</param>
    public RegressFolder Add(string name, string? text, string? fileName = null)
    {
        AddFile(new Sample(name).Path, text, fileName ?? name);
        return this;
    }

    /// <summary>Adds a recording from anywhere.</summary>
    public void AddFile(string path, string? text, string fileName)
    {
        string copy = PathOf(fileName + ".wav");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
        File.Copy(path, copy);
        if (text is not null) File.WriteAllText(PathOf(fileName + ".txt"), text);
    }

    public string Write(string name, ReadOnlySpan<byte> content) => _directory.Write(name, content);

    public Task<StenoResult> RunAsync(params string[] options) => StenoProcess.RunAsync(["regress", Path, .. options]);

    public void Dispose() => _directory.Dispose();
}
