namespace Steno.Cli.Regression;

/// <summary>One way to run the recordings. All ways must write the same texts, byte for byte.</summary>
/// <param name="Name">Its word on the command line.</param>
/// <param name="Options">What to do with each recording.</param>
/// <param name="IsTogether">True to send recordings through the networks together; false for one after the other.</param>
internal sealed record RegressionWay(string Name, TranscribeOptions Options, bool IsTogether)
{
    public const string TogetherName = "together";

    public const string AloneName = "alone";

    public static IReadOnlyList<string> Names { get; } = [TogetherName, AloneName];

    /// <summary>The way of a name.</summary>
    public static RegressionWay Of(string name, TranscribeOptions options) => new(name, options, IsTogether: name == TogetherName);
}
