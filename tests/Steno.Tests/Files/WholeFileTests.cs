using Steno.Files;

namespace Steno.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_appears_whole_or_not_at_all()
    {
        string path = _directory.PathOf("out.txt");

        using (var given = new WholeFile(path, bufferSize: 0))
        {
            given.Stream.Write("half"u8);
            Assert.Single(_directory.FileNames, name => name.StartsWith("out.txt.", StringComparison.Ordinal) && name.EndsWith(WholeFile.PartSuffix, StringComparison.Ordinal));
        }

        Assert.Empty(_directory.FileNames);
        using (var kept = new WholeFile(path, bufferSize: 4096))
        {
            kept.Stream.Write("whole"u8);
            kept.Flush();
            kept.Complete(overwrites: false);
        }

        Assert.Equal("whole", File.ReadAllText(path));
        Assert.Equal(["out.txt"], _directory.FileNames);
    }

    [Fact]
    public void What_came_in_between_is_not_replaced()
    {
        string path = _directory.PathOf("out.txt");
        using (var file = new WholeFile(path, bufferSize: 0))
        {
            _directory.Write("out.txt", "mine");
            Assert.Throws<IOException>(() => file.Complete(overwrites: false));
        }

        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(["out.txt"], _directory.FileNames);
    }

    [Fact]
    public void Permissions_are_those_of_the_file_that_is_replaced_from_the_beginning()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("needs permissions as Unix has them");
            return;
        }

        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        string path = _directory.Write("out.txt", "older");
        File.SetUnixFileMode(path, Mode);

        using var file = new WholeFile(path, bufferSize: 0);

        Assert.True(file.KeepsOwner);
        Assert.Equal(Mode, File.GetUnixFileMode(file.Stream.SafeFileHandle));
        file.Complete(overwrites: true);
        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_name_as_long_as_names_can_be_has_room_for_what_is_put_behind_it()
    {
        foreach (string name in (string[])[new string('n', 255), new string('音', 85)])
        {
            string path = _directory.PathOf(name);
            using (var file = new WholeFile(path, bufferSize: 0)) file.Complete(overwrites: false);

            Assert.True(File.Exists(path));
        }

        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems count names in other units");
        Assert.Throws<PathTooLongException>(() => new WholeFile(_directory.PathOf(new string('n', 256)), bufferSize: 0));
        Assert.Throws<PathTooLongException>(() => new WholeFile(_directory.PathOf(new string('音', 86)), bufferSize: 0));
    }
}
