using System.Numerics;

namespace Steno.Benchmarks.Growing;

/// <summary>How the weight of one input is shared out over the copies of that input, which all hold the same value.</summary>
/// <remarks>
/// Any shares that add up to 1 leave the product unchanged. 1 / copies is one choice, but for 7 or 10 copies it is no power of two, and
/// rounding w / 7 to BF16 would change every weight by up to 0.2 %. Powers of two are exact: with 2^k the largest one not above the number
/// of copies and m = copies - 2^k, there are 2^k - m shares of 2^-k and 2m of 2^-(k+1); 7 copies have one share of 1/4 and six of 1/8.
/// </remarks>
internal static class ColumnSplit
{
    /// <summary>One share for each copy: powers of two whose sum is 1, the largest at most twice the smallest.</summary>
    public static float[] Shares(int copyCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copyCount, 1);
        int power = 1 << BitOperations.Log2((uint)copyCount);
        int largerCount = (2 * power) - copyCount;
        float[] shares = new float[copyCount];
        for (int i = 0; i < copyCount; i++) shares[i] = i < largerCount ? 1f / power : 0.5f / power;
        return shares;
    }
}
