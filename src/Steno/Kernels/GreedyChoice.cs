namespace Steno.Kernels;

/// <summary>The most likely token of a row, and its probability under the softmax of the row's logits.</summary>
/// <param name="Index">Lowest index among the largest logits.</param>
/// <param name="Probability">exp(logit) over the sum of all; NaN when a logit is NaN or positive infinity.</param>
internal readonly record struct GreedyChoice(int Index, double Probability);
