namespace Steno.Quantization;

/// <summary>The numbers of levels that a search tries: offsets to the real one.</summary>
/// <param name="First">First offset.</param>
/// <param name="Size">From one to the next.</param>
/// <param name="Count">Steps that follow the first.</param>
internal readonly record struct GridSteps(float First, float Size, int Count)
{
    /// <summary>For searches where some columns count more than others: a wider and finer range.</summary>
    public static GridSteps Weighted { get; } = new(-0.9f, 0.05f, 36);
}
