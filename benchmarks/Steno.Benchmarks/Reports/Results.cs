using System.CommandLine;
using System.Text.Json;

namespace Steno.Benchmarks.Reports;

/// <summary>The options of a command that say where its results go besides the console, and the writing of them.</summary>
internal sealed class Results
{
    private readonly Option<string?> _json = new("--json") { HelpName = "file", Description = "Also writes the results as JSON" };

    private readonly Option<string?> _directory = new("--results")
    {
        HelpName = "dir",
        Description = "Also writes the tables as Markdown to a folder of this processor in that directory, such as benchmarks/results",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_directory);
    }

    /// <summary>Prints a report and writes it where the arguments say.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="name">File name of the report, without extension.</param>
    /// <param name="title">Heading of the Markdown file.</param>
    /// <param name="text">The report.</param>
    /// <param name="writeJson">Writes the properties of the JSON object.</param>
    public void Write(ParseResult arguments, string name, string title, string text, Action<Utf8JsonWriter> writeJson)
    {
        Console.Write(text);
        if (arguments.GetValue(_json) is { } path)
        {
            using FileStream file = File.Create(path);
            using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            Machine.WriteTo(json);
            writeJson(json);
            json.WriteEndObject();
        }

        if (arguments.GetValue(_directory) is { } directory) WriteMarkdown(directory, name, title, text);
    }

    /// <summary>Writes a Markdown file and versions.txt to the folder of this processor.</summary>
    public static void WriteMarkdown(string directory, string name, string title, string text)
    {
        string folder = Path.Combine(directory, Machine.FolderName);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".md"), $"# {title}\n\n{text}");
        File.WriteAllText(Path.Combine(folder, "versions.txt"), Machine.Versions());
    }
}
