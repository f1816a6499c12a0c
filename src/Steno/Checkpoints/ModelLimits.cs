namespace Steno.Checkpoints;

/// <summary>Bounds of the dimensions of a model, at least 8 times those of the largest released checkpoint.</summary>
/// <remarks>
/// Most of them only name the shape that a tensor must have, so that the files themselves limit the memory; the others (positions,
/// frames, heads) are limited by these.
/// </remarks>
internal static class ModelLimits
{
    public const int MaxWidth = 1 << 15;
    public const int MaxFeedForwardWidth = 1 << 17;
    public const int MaxLayerCount = 512;
    public const int MaxHeadCount = 512;
    public const int MaxHeadWidth = 1024;
    public const int MaxVocabularySize = 1 << 21;
    public const int MaxPositionCount = 1 << 22;
    public const int MaxMelBinCount = 1024;
    public const int MaxConvChannelCount = 1 << 13;
    public const int MaxChunkFrameCount = 1 << 13;
    public const int MaxWindowFrameCount = 1 << 17;
    public const int MaxLanguageCount = 1000;
    public const int MaxLanguageLength = 64;
}
