using System.CommandLine;
using Steno.Cli.Output;
using Steno.Exporting;

namespace Steno.Cli.Commands;

/// <summary><c>steno convert</c>: writes a model as GGUF with its weights as they are, or nearly.</summary>
internal sealed class ConvertCommand : Command
{
    public const string Verb = "convert";

    private readonly ExportChoice _export = new();

    private readonly Option<string?> _type = new("--type")
    {
        HelpName = string.Join('|', GgufMixture.Conversions.Select(mixture => mixture.Name)),
        Description = "Number format of the weights; keep: as the model has them. Default: keep",
        CustomParser = OptionParsers.Choice([.. GgufMixture.Conversions.Select(mixture => (mixture.Name, (string?)mixture.Name))]),
    };

    public ConvertCommand(StandardStreams streams)
        : base(Verb, "Writes a model as GGUF, for Steno, CrispASR, llama.cpp or transcribe.cpp. Writes the paths of the files to standard output.")
    {
        _export.AddTo(this, ownArgument: null, _type);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        var options = new ExportOptions();
        if (arguments.GetValue(_type) is { } type) options = options with { Type = type };
        return _export.RunAsync(arguments, options, streams, cancellationToken);
    }
}
