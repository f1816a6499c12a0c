using System.CommandLine;

namespace Steno.Cli.Commands;

/// <summary>Looks at values that are written behind an option, as in <c>--output=FILE</c>, where the parser takes the next word for one that is empty or that the option cannot have.</summary>
internal static class AttachedValues
{
    /// <summary>Makes two words of an option and its empty value.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="root">The commands.</param>
    /// <exception cref="CommandException">An option takes no value and has one.</exception>
    public static string[] Separate(string[] arguments, Command root)
    {
        List<Option> options = [.. OptionsOf(root)];
        var separated = new List<string>(arguments.Length);
        bool isPlain = false;
        foreach (string argument in arguments)
        {
            isPlain |= argument == "--";
            int end = isPlain || !argument.StartsWith('-') ? -1 : argument.IndexOfAny(['=', ':']);
            string name = end < 0 ? argument : argument[..end];
            Option? option = end < 0 ? null : options.Find(option => option.Name == name || option.Aliases.Contains(name));
            if (option?.Arity.MaximumNumberOfValues == 0) throw CommandException.Usage($"{name} takes no value: write it without {argument[end..]}");
            if (option is null || end < argument.Length - 1) separated.Add(argument);
            else separated.AddRange([name, string.Empty]);
        }

        return [.. separated];
    }

    private static IEnumerable<Option> OptionsOf(Command command) => command.Options.Concat(command.Subcommands.SelectMany(OptionsOf));
}
