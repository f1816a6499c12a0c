using System.Text.RegularExpressions;

namespace Steno.Tests.Architecture;

/// <summary>Folder = namespace in all projects of src; only src/Steno/Api sorts its files into folders within one namespace.</summary>
public sealed partial class FolderTests(ITestOutputHelper output)
{
    private const string ApiFolder = "Api";

    [Theory]
    [InlineData("Steno")]
    [InlineData("Steno.Cli")]
    public void Every_file_declares_the_namespace_of_its_folder(string project)
    {
        string root = RequireSources(project);
        string[] wrong = [.. SourcesOf(root)
            .Select(path => (Path: path, Expected: ExpectedNamespace(project, path), Found: NamespaceOf(File.ReadAllText(Path.Combine(root, path)))))
            .Where(file => file.Found != file.Expected)
            .Select(file => $"{project}/{file.Path}: namespace {file.Found ?? "(none)"}, expected {file.Expected}")];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_folder_of_the_library_but_Api_is_a_layer_and_Api_is_none()
    {
        string[] folders = [.. SourcesOf(RequireSources("Steno")).Select(path => path.Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
        output.WriteLine(string.Join(", ", folders));

        Assert.Equal(Layers.Allowed.Keys.Append(ApiFolder).Order(StringComparer.Ordinal), folders);
    }

    [Theory]
    [InlineData("Steno", "Kernels/Gemm.cs", "Steno.Kernels")]
    [InlineData("Steno", "Audio/Containers/Mp4Walk.cs", "Steno.Audio.Containers")]
    [InlineData("Steno", "Api/Write/OutputFile.cs", "Steno")]
    [InlineData("Steno.Cli", "Program.cs", "Steno.Cli")]
    [InlineData("Steno.Cli", "Api/Program.cs", "Steno.Cli.Api")]
    public void A_path_has_one_namespace(string project, string path, string expected) => Assert.Equal(expected, ExpectedNamespace(project, path));

    [Theory]
    [InlineData("using Steno.Files;\n\nnamespace Steno.Audio;\n", "Steno.Audio")]
    [InlineData("// namespace Steno.Model;\nnamespace Steno.Audio;\n", "Steno.Audio")]
    [InlineData("namespace Steno.Audio\n{\n}\n", null)]
    [InlineData("internal sealed class Loose;\n", null)]
    public void A_namespace_is_what_the_file_declares_for_all_of_itself(string source, string? expected) => Assert.Equal(expected, NamespaceOf(source));

    private static string ExpectedNamespace(string project, string path)
    {
        string[] folders = path.Split('/')[..^1];
        return project == "Steno" && folders is [ApiFolder, ..] ? project : string.Join('.', [project, .. folders]);
    }

    private static string? NamespaceOf(string source) => NamespaceLine().Match(source) is { Success: true } match ? match.Groups[1].Value : null;

    private static IEnumerable<string> SourcesOf(string root) => Directory
        .EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
        .Where(path => path.Split('/')[0] is not ("bin" or "obj"));

    private static string RequireSources(string project)
    {
        string root = Repository.PathOf("src", project);
        if (Directory.Exists(root)) return root;
        string reason = $"needs the sources in src/{project}, which are not beside the tests";
        TestContext.Current.SendDiagnosticMessage("{0}", reason);
        Assert.Skip(reason);
        return root;
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine();
}
