using System.CommandLine;
using System.CommandLine.Parsing;

namespace Steno.Cli.Commands;

/// <summary>Finds what is wrong with a command line, and says what is missing and where to read on.</summary>
internal static class UsageErrors
{
    /// <summary>Options whose empty value means what leaving them out does.</summary>
    private static readonly string[] MayBeEmpty = [RecognitionOptions.PromptName, RecognitionOptions.LanguageName];

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public static string? Find(ParseResult parsed)
    {
        string verb = VerbOf(parsed.CommandResult);
        string pointer = $" (see steno {verb} --help)";
        if (parsed.Action is HelpTextAction or VersionAction) return UnknownOptionIn(parsed) is { } stray ? $"unknown option {stray}{pointer}" : null;
        if (UnknownOptionIn(parsed) is { } option)
            return ((verb == TranscribeCommand.Verb ? QwenAsrOptions.Explain(option.Split('=', ':')[0]) : null) ?? $"unknown option {option}") + pointer;
        if (WrongValueIn(parsed) is { } wrong) return wrong + pointer;
        if (MissingIn(parsed.CommandResult) is { } missing) return $"{verb} needs {missing}{pointer}";
        return parsed.Errors.Count == 0 ? null : Rephrased(parsed.Errors[0], verb, pointer);
    }

    /// <summary>Such as <c>models remove</c>.</summary>
    private static string VerbOf(CommandResult result) =>
        result.Parent is CommandResult { Parent: CommandResult } outer ? VerbOf(outer) + " " + result.Command.Name : result.Command.Name;

    /// <summary>The parser takes an option it does not know for an argument: only after <c>--</c> may one begin with a hyphen.</summary>
    private static string? UnknownOptionIn(ParseResult parsed)
    {
        int plainCount = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Count(token => token.Type == TokenType.Argument);
        IEnumerable<string> candidates = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens.SkipLast(plainCount))
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens);
        return candidates.FirstOrDefault(value => value.Length > 1 && value[0] == '-');
    }

    /// <summary>The parser takes the next option for the value of one that lacks it, and takes an empty value for one.</summary>
    private static string? WrongValueIn(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        foreach (OptionResult result in parsed.CommandResult.Children.OfType<OptionResult>().Where(result => !result.Implicit))
        {
            string name = result.IdentifierToken?.Value ?? result.Option.Name;
            if (result.Tokens.Count < result.Option.Arity.MinimumNumberOfValues) return $"{name} needs a value: {ValueOf(result.Option)}";
            if (!MayBeEmpty.Contains(result.Option.Name) && result.Tokens.Any(token => token.Value.Length == 0)) return $"{name} needs a value, and this one is empty";
            if (result.Option.Name == RecognitionOptions.PromptName) continue;
            Token? mistaken = result.Tokens.FirstOrDefault(token => command.Options.Any(known => known.Name == token.Value || known.Aliases.Contains(token.Value)));
            if (mistaken is not null) return $"{name} needs a value: {mistaken.Value} is an option";
        }

        return null;
    }

    private static string? MissingIn(CommandResult result)
    {
        List<string> missing = [.. result.Command.Arguments
            .Where(argument => (result.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
            .Select(argument => argument.Name)];
        missing.AddRange(result.Command.Options.Where(option => option.Required && result.GetResult(option) is null or { Implicit: true }).Select(option => $"{option.Name} {ValueOf(option)}"));
        if (missing.Count != 1) return missing.Count == 0 ? null : string.Join(", ", missing.SkipLast(1)) + " and " + missing[^1];
        Symbol? symbol = result.Command.Arguments.FirstOrDefault(argument => argument.Name == missing[0]);
        return symbol is null ? missing[0] : $"{missing[0]}: {symbol.Description}";
    }

    private static string ValueOf(Option option) => $"<{option.HelpName ?? "value"}>";

    private static string Rephrased(ParseError error, string verb, string pointer)
    {
        string message = error.Message.TrimEnd('.');
        const string Unrecognized = "Unrecognized command or argument ";
        if (message.StartsWith(Unrecognized, StringComparison.Ordinal)) message = $"{verb} takes no {message[Unrecognized.Length..]}";
        return error.SymbolResult is OptionResult or ArgumentResult && message.Contains("cannot be", StringComparison.Ordinal) ? message : message + pointer;
    }
}
