namespace Steno.Checkpoints;

/// <summary>Where whoever has a file that Steno does not run finds one that it does.</summary>
internal static class OriginalModels
{
    /// <summary>A sentence for the end of a message.</summary>
    public const string Advice = "Use an original model instead: 'steno pull 0.6b' or 'steno pull 1.7b' fetches it.";
}
