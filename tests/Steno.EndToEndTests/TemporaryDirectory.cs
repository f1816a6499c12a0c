namespace Steno.EndToEndTests;

/// <summary>A new directory that goes when the test ends.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("steno-test-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public IEnumerable<string> FileNames => Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)!);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
