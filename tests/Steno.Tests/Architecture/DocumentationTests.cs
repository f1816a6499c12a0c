using System.Text.RegularExpressions;

namespace Steno.Tests.Architecture;

/// <summary>What the documents say of files and code is so.</summary>
public sealed partial class DocumentationTests
{
    private const int LongestReadme = 199;
    private const int LongestSource = 499;
    private const int LongestSample = 59;

    public static TheoryData<string> Documents =>
        [.. Files("*.md").Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_code_of_the_readme_is_a_sample_that_compiles()
    {
        string readme = Read("README.md");
        string sample = Read("samples/Transcribe/Program.cs");

        Assert.Equal([sample.TrimEnd()], CodeBlocks(readme, "csharp"));
    }

    [Fact]
    public void The_automation_runs_the_commands_of_the_readme()
    {
        string automation = Read(".ci/run");
        string[] commands = [.. CodeBlocks(Read("README.md"), "sh").First().Split('\n').Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal))];

        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Contains(command, automation, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Documents))]
    public void Every_link_to_a_file_leads_to_one(string document)
    {
        string directory = Path.GetDirectoryName(Repository.PathOf(document))!;
        string[] targets = [.. LinkTarget().Matches(Read(document)).Select(match => match.Groups["path"].Value).Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))];

        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(directory, target)), $"{document}: there is no {target}"));
    }

    [Theory, MemberData(nameof(Documents))]
    public void Every_file_that_is_named_is_there(string document)
    {
        string directory = Path.GetDirectoryName(Repository.PathOf(document))!;
        string[] names = [.. NamedFile().Matches(Read(document)).Select(match => match.Groups["path"].Value)];

        Assert.All(names, name => Assert.True(Path.Exists(Repository.PathOf(name)) || Path.Exists(Path.Combine(directory, name)), $"{document}: there is no {name}"));
    }

    [Fact]
    public void The_readme_is_short()
    {
        Assert.InRange(LineCount("README.md"), 1, LongestReadme);
    }

    [Fact]
    public void No_source_file_is_long()
    {
        string[] tooLong = [.. Files("*.cs").Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => path.StartsWith("src", StringComparison.Ordinal) && LineCount(path) > LongestSource)];

        Assert.Empty(tooLong);
    }

    [Fact]
    public void A_sample_fits_on_a_screen()
    {
        string[] samples = [.. Files("*.cs").Select(path => Path.GetRelativePath(Repository.Root, path)).Where(path => path.StartsWith("samples", StringComparison.Ordinal))];

        Assert.NotEmpty(samples);
        Assert.All(samples, path => Assert.InRange(LineCount(path), 1, LongestSample));
    }

    private static string Read(string path) => File.ReadAllText(Repository.PathOf(path));

    private static int LineCount(string path) => File.ReadLines(Repository.PathOf(path)).Count();

    private static IEnumerable<string> CodeBlocks(string markdown, string language) =>
        CodeBlock().Matches(markdown).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["code"].Value.TrimEnd());

    // Files of the project, not what building leaves.
    private static IEnumerable<string> Files(string pattern)
    {
        var pending = new Queue<string>([Repository.Root]);
        while (pending.TryDequeue(out string? directory))
        {
            foreach (string path in Directory.EnumerateFiles(directory, pattern)) yield return path;
            foreach (string child in Directory.EnumerateDirectories(directory))
            {
                if (Path.GetFileName(child) is not ("bin" or "obj" or ".git" or "artifacts" or "TestResults")) pending.Enqueue(child);
            }
        }
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CodeBlock();

    // [text](path#place): the path, without the place.
    [GeneratedRegex(@"\]\((?<path>[^)#\s]*)(#[^)\s]*)?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkTarget();

    // `src/Steno/Kernels/Gemm.cs`: a name in code marks that begins with a folder of the project.
    [GeneratedRegex(@"`(?<path>(src|tests|docs|samples|models|tools|benchmarks|\.ci)/[\w./-]*)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedFile();
}
