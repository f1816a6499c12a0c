using System.Runtime.Intrinsics;

namespace Steno.Kernels;

/// <summary>The most likely token of a row of logits, and its probability under their softmax.</summary>
/// <param name="Index">Lowest index among the largest logits.</param>
/// <param name="Probability">exp(logit) over the sum of all; NaN when a logit is not finite.</param>
internal readonly record struct GreedyChoice(int Index, double Probability)
{
    /// <summary>Chooses from a row.</summary>
    /// <param name="logits">[count].</param>
    /// <param name="count">Number of logits, at least 1.</param>
    /// <param name="path">Vector registers to use.</param>
    public static unsafe GreedyChoice From(float* logits, int count, KernelPath path)
    {
        int best = 0;
        bool isFinite = true;
        for (int i = 0; i < count; i++)
        {
            isFinite &= float.IsFinite(logits[i]);
            if (logits[i] > logits[best]) best = i;
        }

        if (!isFinite) return new GreedyChoice(best, double.NaN);
        double sum = path switch
        {
            KernelPath.Vector512 => SumOfExponentials<Lanes512, Vector512<float>>(logits, count, logits[best]),
            KernelPath.Vector256 => SumOfExponentials<Lanes256, Vector256<float>>(logits, count, logits[best]),
            KernelPath.Vector128 => SumOfExponentials<Lanes128, Vector128<float>>(logits, count, logits[best]),
            _ => SumOfExponentials(logits, 0, count, logits[best]),
        };
        return new GreedyChoice(best, 1 / sum);
    }

    private static unsafe double SumOfExponentials(float* logits, int start, int count, float max)
    {
        double sum = 0;
        for (int i = start; i < count; i++) sum += MathF.Exp(logits[i] - max);
        return sum;
    }

    private static unsafe double SumOfExponentials<TLanes, TVector>(float* logits, int count, float max)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector maxes = TLanes.Broadcast(max);
        TVector sums = TLanes.Broadcast(0f);
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            sums = TLanes.Add(sums, Exponential.Of<TLanes, TVector>(TLanes.Subtract(TLanes.Load(logits + i), maxes)));
        return TLanes.Sum(sums) + SumOfExponentials(logits, i, count, max);
    }
}
