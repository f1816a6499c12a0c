using System.Globalization;
using Steno.Audio;
using Steno.Clips;
using Steno.Decoding;
using Steno.Loading;

namespace Steno.Verification;

/// <summary>A model against the activations of reference runs.</summary>
internal sealed class GoldenChecks(LoadedModel model)
{
    /// <summary>A stage that starts from the reference, in float32 against float64: some ten roundings of 6e-8 for each of its sums.</summary>
    public const double StageTolerance = 1e-5;

    /// <summary>All stages one after the other.</summary>
    public const double EndToEndTolerance = 5e-5;

    private static readonly string[] NoActivations = ["ids", "generated"];

    /// <summary>Checks every reference run of a directory.</summary>
    /// <exception cref="ModelFormatException">A file is broken, or there is none.</exception>
    public async Task<IReadOnlyList<VerificationCheck>> RunAsync(string directory, CancellationToken cancellationToken)
    {
        string[] files = Directory.Exists(directory) ? [.. Directory.EnumerateFiles(directory, "*.safetensors").Order(StringComparer.Ordinal)] : [];
        if (files.Length == 0)
            throw new ModelFormatException("there are no reference activations", directory, expected: "a directory with files *.safetensors of reference activations");

        var checks = new List<VerificationCheck>();
        foreach (string file in files)
        {
            using GoldenFile golden = GoldenFile.Open(file);
            checks.AddRange(CheckStages(golden, cancellationToken));
            checks.AddRange(await CheckEndToEndAsync(golden, cancellationToken).ConfigureAwait(false));
        }

        return checks;
    }

    private List<VerificationCheck> CheckStages(GoldenFile golden, CancellationToken cancellationToken)
    {
        var checks = new List<VerificationCheck>();
        float[] mel = golden.Values("mel");
        int binCount = model.Config.Audio.MelBinCount;
        if (mel.Length % binCount != 0)
            return [new VerificationCheck($"{golden.Name} mel", $"rows of {binCount}", $"{mel.Length} values", string.Empty, IsOk: false)];

        var tap = new GoldenTap(golden, replaces: true);
        ClipResult pass = Run(golden, ClipFeatures.Of(mel, binCount), tap, cancellationToken);
        foreach (string name in golden.Names.Except([.. NoActivations, "mel"], StringComparer.Ordinal))
            checks.Add(ErrorCheck($"{golden.Name} {name}", tap.RelativeError(name), StageTolerance));
        checks.Add(VerificationCheck.Equal($"{golden.Name} ids", golden.Ids("ids"), pass.PromptIds));
        checks.Add(VerificationCheck.Equal($"{golden.Name} generated", golden.Ids("generated"), GeneratedIds(golden, pass)));
        return checks;
    }

    private async Task<List<VerificationCheck>> CheckEndToEndAsync(GoldenFile golden, CancellationToken cancellationToken)
    {
        if (golden.AudioPath is not { } path) return [];
        float[] samples = await RecordingReader.ReadFileAsync(path, cancellationToken).ConfigureAwait(false);
        var mel = new LogMelSpectrogram(model.Config.Audio.MelBinCount);
        if (ClipFeatures.Create(samples, mel, cancellationToken) is not { } features)
            return [new VerificationCheck($"{golden.Name} from audio", "a sound", "silence", string.Empty, IsOk: false)];
        var tap = new GoldenTap(golden, replaces: false);
        tap.OnRows("mel", 0, features.Mel.Span);
        ClipResult pass = Run(golden, features, tap, cancellationToken);

        string worst = golden.Names.Except([.. NoActivations, "mel"], StringComparer.Ordinal).MaxBy(name => tap.RelativeError(name) ?? double.PositiveInfinity)!;
        return
        [
            ErrorCheck($"{golden.Name} from audio: mel", tap.RelativeError("mel"), EndToEndTolerance),
            ErrorCheck($"{golden.Name} from audio, worst: {worst}", tap.RelativeError(worst), EndToEndTolerance),
            VerificationCheck.Equal($"{golden.Name} from audio: generated", golden.Ids("generated"), GeneratedIds(golden, pass)),
        ];
    }

    private ClipResult Run(GoldenFile golden, ClipFeatures features, GoldenTap tap, CancellationToken cancellationToken)
    {
        using var pass = new ClipPass(model, new ClipPassOptions { Cache = CachePrecision.Float32 }) { Tap = tap };
        return pass.Run(features, golden.Attention, golden.Ids("generated").Length, cancellationToken);
    }

    // The reference writes the stop id down, the decoder does not say which it was.
    private int[] GeneratedIds(GoldenFile golden, ClipResult pass)
    {
        int last = golden.Ids("generated")[^1];
        if (pass.StopReason != StopReason.StopToken) return pass.Tokens;
        return [.. pass.Tokens, model.StopTokenIds.Contains(last) ? last : model.StopTokenIds[0]];
    }

    private static VerificationCheck ErrorCheck(string name, double? error, double tolerance) => new(
        name,
        "the reference",
        error is { } value ? string.Create(CultureInfo.InvariantCulture, $"relative error {value:0.0E-0}") : "no activation of this name and shape",
        string.Create(CultureInfo.InvariantCulture, $"{tolerance:0E-0}"),
        error <= tolerance);
}
