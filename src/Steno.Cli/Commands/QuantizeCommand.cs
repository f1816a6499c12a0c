using System.CommandLine;
using Steno.Cli.Output;
using Steno.Exporting;

namespace Steno.Cli.Commands;

/// <summary><c>steno quantize</c>: writes a model as GGUF with fewer bits for each weight.</summary>
internal sealed class QuantizeCommand : Command
{
    public const string Verb = "quantize";

    private readonly ExportChoice _export = new();

    private readonly Argument<string> _type = new("TYPE")
    {
        Description = string.Join(", ", GgufMixture.Quantizations.Select(mixture => mixture.Name)),
        CustomParser = OptionParsers.Choice([.. GgufMixture.Quantizations.Select(mixture => (mixture.Name, mixture.Name))]),
    };

    private readonly Option<bool> _allowLossy = new("--allow-lossy")
    {
        Arity = ArgumentArity.Zero,
        Description = "Store audio tower and output head as coarsely as the rest; else the tower has at least q8_0 and the head q6_k",
    };

    private readonly Option<string[]> _imatrix = new("--imatrix")
    {
        HelpName = "audio",
        AllowMultipleArgumentsPerToken = true,
        Description = "Recordings of speech, a few minutes together, on which the model is run first to find out which weights matter; needs the memory of the whole model. Must come after TYPE",
    };

    public QuantizeCommand(StandardStreams streams)
        : base(Verb, "Writes a model as GGUF with fewer bits for each weight. Writes the paths of the files to standard output.")
    {
        _export.AddTo(this, _type, _allowLossy, _imatrix);
        SetAction((arguments, cancellationToken) => RunAsync(arguments, streams, cancellationToken));
    }

    private Task<int> RunAsync(ParseResult arguments, StandardStreams streams, CancellationToken cancellationToken)
    {
        var options = new ExportOptions { Type = arguments.GetValue(_type)!, AllowLossy = arguments.GetValue(_allowLossy), CalibrationAudio = arguments.GetValue(_imatrix) };
        return _export.RunAsync(arguments, options, streams, cancellationToken);
    }
}
