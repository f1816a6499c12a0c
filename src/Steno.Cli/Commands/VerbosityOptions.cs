using System.CommandLine;
using System.CommandLine.Parsing;
using Steno.Cli.Output;

namespace Steno.Cli.Commands;

/// <summary><c>--silent</c> and <c>--debug</c>, of which the later counts.</summary>
/// <param name="silent">What the help says of the one.</param>
/// <param name="debug">What it says of the other.</param>
internal sealed class VerbosityOptions(string silent, string debug)
{
    private readonly Option<bool> _silent = new("--silent") { Arity = ArgumentArity.Zero, Description = silent };

    private readonly Option<bool> _debug = new("--debug") { Arity = ArgumentArity.Zero, Description = debug };

    public void AddTo(Command command)
    {
        command.Options.Add(_silent);
        command.Options.Add(_debug);
    }

    public Verbosity Of(ParseResult arguments)
    {
        string? last = arguments.Tokens.LastOrDefault(token =>
            token.Type == TokenType.Option && (token.Value == _silent.Name || token.Value == _debug.Name))?.Value;
        if (last is null) return Verbosity.Normal;
        return last == _silent.Name ? Verbosity.Silent : Verbosity.Debug;
    }
}
