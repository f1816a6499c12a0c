using Steno.Files;

namespace Steno.Tests.Files;

public sealed class FileStatusTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_name_of_a_file_leads_to_one_identity_and_a_copy_to_another()
    {
        string path = _directory.Write("a", "content");
        string copy = _directory.Write("b", "content");
        string roundabout = _directory.PathOf(".", "a");

        FileIdentity identity = FileStatus.Of(path)!.Identity;

        Assert.Equal(FileKind.Regular, FileStatus.Of(path)!.Kind);
        Assert.Equal(identity, FileStatus.Of(roundabout)!.Identity);
        Assert.NotEqual(identity, FileStatus.Of(copy)!.Identity);
        Assert.Equal(FileKind.Directory, FileStatus.Of(_directory.Path)!.Kind);
        Assert.Null(FileStatus.Of(_directory.PathOf("absent")));
        Assert.Null(FileStatus.Of(Path.Combine(path, "below a file")));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(identity, FileStatus.Of(File.CreateSymbolicLink(_directory.PathOf("link"), path).FullName)!.Identity);
        using FileStream stream = File.OpenRead(path);
        Assert.Equal(identity, FileStatus.Of(stream.SafeFileHandle)!.Identity);
    }

    [Fact]
    public void Devices_are_known()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "needs /dev/null");

        Assert.Equal(FileKind.CharacterDevice, FileStatus.Of("/dev/null")!.Kind);
    }

    [Fact]
    public void What_stands_for_an_open_file_is_known_through_links()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/fd");
        string link = File.CreateSymbolicLink(_directory.PathOf("link"), "/dev/stderr").FullName;
        string far = File.CreateSymbolicLink(_directory.PathOf("far"), "link").FullName;

        Assert.All(["/dev/stdout", "/dev/fd/7", "/proc/self/fd/1", link, far], path => Assert.True(FileLinks.IsDescriptor(path), path));
        Assert.All(["/dev/null", "/dev/shm/x", _directory.Path, _directory.PathOf("absent")], path => Assert.False(FileLinks.IsDescriptor(path), path));
    }

    [Fact]
    public void A_set_finds_its_files_by_other_names()
    {
        string folder = Directory.CreateDirectory(_directory.PathOf("model")).FullName;
        string inside = _directory.Write(Path.Combine("model", "config.json"), "{}");
        string beside = _directory.Write("beside", "x");
        var set = new FileSet();
        set.Add(folder);
        set.Add(_directory.PathOf("absent"));

        Assert.Equal(inside, set.Find(_directory.PathOf("model", "..", "model", "config.json")));
        Assert.Null(set.Find(beside));
        Assert.Null(set.Find(folder));
        Assert.Null(set.Find(_directory.PathOf("absent")));
    }
}
