using Steno.Formats;
using Steno.Formats.Gguf;

namespace Steno.Dialects;

/// <summary>
/// Finds the other file of a llama.cpp pair beside the one that was named: the one whose name says so, as with NAME.gguf and mmproj-NAME.gguf, else
/// the only one that fits.
/// </summary>
internal static class GgufCompanion
{
    private const string AudioPrefix = "mmproj-";

    private const string ByOption = "one named with --mmproj (AsrModelOptions.CompanionPath)";

    // A folder of models holds a few dozen files; each that comes into question is opened.
    private const int MaxFileCount = 1000;

    /// <summary>Finds the audio tower (mmproj) that goes with a text file.</summary>
    /// <exception cref="ModelFormatException">There is none, or more than one.</exception>
    public static GgufFile FindAudio(GgufFile text) =>
        Find(text, "audio tower (mmproj)", "a file beside it with 'mmproj' in its name, whose outputs are as wide as the language model", AudioPrefix + Path.GetFileName(text.Location), IsAudioName, audio => Fits(text, audio));

    /// <summary>Finds the text file that goes with an audio tower.</summary>
    /// <exception cref="ModelFormatException">There is none, or more than one.</exception>
    public static GgufFile FindText(GgufFile audio) =>
        Find(audio, "language model", "a file beside it that holds the qwen3vl or qwen3 half, as wide as the tower's outputs", NameOfText(Path.GetFileName(audio.Location)), path => !IsAudioName(path), text => Fits(text, audio));

    /// <summary>Whether two files are the halves of one model.</summary>
    public static bool Fits(GgufFile text, GgufFile audio) =>
        GgufFileKinds.Of(text) == GgufFileKind.LlamaCppText
        && GgufFileKinds.Of(audio) == GgufFileKind.LlamaCppAudio
        && Width(text, "token_embd.weight", fromEnd: 1) is { } width
        && width == Width(audio, "mm.a.mlp.2.weight", fromEnd: 2);

    // A file of the name that goes with the first is the other half or a fault, never passed over for one of another name.
    private static GgufFile Find(GgufFile named, string what, string expected, string? nameOfOther, Func<string, bool> isCandidate, Func<GgufFile, bool> fits)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(named.Location))!;
        if (nameOfOther is not null && File.Exists(Path.Combine(directory, nameOfOther))) return GgufFile.Open(Path.Combine(directory, nameOfOther));
        string self = Path.GetFileName(named.Location);
        string[] names = [.. Directory.EnumerateFiles(directory, "*.gguf")
            .Take(MaxFileCount)
            .Select(path => Path.GetFileName(path))
            .Where(name => name != self && isCandidate(name))
            .Order(StringComparer.Ordinal)];
        string[] fitting = [.. names.Where(name => Try(Path.Combine(directory, name), fits))];
        if (fitting.Length == 1) return GgufFile.Open(Path.Combine(directory, fitting[0]));
        if (fitting.Length > 1)
        {
            throw new ModelFormatException(
                $"several files could be the model's {what}",
                named.Location,
                expected: nameOfOther is null ? ByOption : $"{nameOfOther}, or {ByOption}",
                found: List(fitting));
        }
        throw new ModelFormatException(
            $"the model's {what} is missing",
            named.Location,
            expected: $"{expected}, or {ByOption}",
            found: names.Length == 0 ? "no such file" : "none that fits among " + List(names));
    }

    private static string List(string[] names)
    {
        const int ShownCount = 8;
        string shown = string.Join(", ", names.Take(ShownCount).Select(MessageText.Excerpt));
        return names.Length > ShownCount ? $"{shown} and {names.Length - ShownCount} more" : shown;
    }

    private static string? NameOfText(string audioName) => audioName.StartsWith(AudioPrefix, StringComparison.Ordinal) ? audioName[AudioPrefix.Length..] : null;

    // A broken file, or one of another model, is simply not the one that is sought.
    private static bool Try(string path, Func<GgufFile, bool> fits)
    {
        try
        {
            using GgufFile file = GgufFile.Open(path);
            return fits(file);
        }
        catch (Exception fault) when (fault is StenoException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsAudioName(string name) => name.Contains("mmproj", StringComparison.OrdinalIgnoreCase);

    private static long? Width(GgufFile file, string tensor, int fromEnd) =>
        file.Tensors.TryGetValue(tensor, out GgufTensor? found) && found.Shape.Length >= fromEnd ? found.Shape[^fromEnd] : null;
}
