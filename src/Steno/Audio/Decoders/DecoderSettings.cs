using System.Globalization;

namespace Steno.Audio.Decoders;

/// <summary>Where decoders are looked for, and how long one may be silent.</summary>
internal sealed record DecoderSettings
{
    /// <summary>The environment variable that names the program ffmpeg.</summary>
    public const string FfmpegVariable = "STENO_FFMPEG";

    /// <summary>The environment variable that names the library libsndfile.</summary>
    public const string SndfileVariable = "STENO_SNDFILE";

    /// <summary>The environment variable for <see cref="StallLimit"/>, in seconds.</summary>
    public const string StallVariable = "STENO_DECODER_TIMEOUT";

    /// <summary>The value of either variable that says not to use the decoder.</summary>
    public const string None = "none";

    private const int DefaultStallSeconds = 30;
    private const int LongestStallSeconds = 24 * 3600;

    /// <summary>Name or path of ffmpeg, or <see cref="None"/>; null to look for it in PATH.</summary>
    public string? Ffmpeg { get; init; }

    /// <summary>Name or path of libsndfile, or <see cref="None"/>; null for the names it has on this system.</summary>
    public string? Sndfile { get; init; }

    /// <summary>How long a decoder may take without giving a sample, while it is not itself waiting for its input.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(DefaultStallSeconds);

    /// <summary>What the environment says now.</summary>
    /// <exception cref="NotSupportedException">A variable holds what it cannot.</exception>
    public static DecoderSettings FromEnvironment() => new()
    {
        Ffmpeg = Variable(FfmpegVariable),
        Sndfile = Variable(SndfileVariable),
        StallLimit = TimeSpan.FromSeconds(StallSeconds(Variable(StallVariable))),
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static int StallSeconds(string? value)
    {
        if (value is null) return DefaultStallSeconds;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= LongestStallSeconds
            ? seconds
            : throw new NotSupportedException($"{StallVariable} is '{value}'; it takes a whole number of seconds from 1 to {LongestStallSeconds}.");
    }
}
