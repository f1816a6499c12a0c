namespace Steno;

/// <summary>Weights that the files of a model store in one way, and that are held in memory in one way.</summary>
/// <param name="StoredAs">What the files have, such as <c>BF16</c>, <c>Q4_K</c> or <c>MLX 4 bits, groups of 64</c>.</param>
/// <param name="HeldAs">What is multiplied with: <c>F32</c>, <c>BF16</c>, codes of 8, 6 or 4 bits (<c>Q8</c>, <c>Q6</c>, <c>Q4</c>), or the files' own codes (<c>Q4K</c>, <c>Affine4</c>, <c>Affine6</c>, <c>Affine8</c>).</param>
/// <param name="ParameterCount">Number of weights.</param>
public sealed record HeldWeights(string StoredAs, string HeldAs, long ParameterCount);
