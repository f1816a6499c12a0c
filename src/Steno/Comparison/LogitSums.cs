namespace Steno.Comparison;

/// <summary>Adds up how the predictions of two models differ.</summary>
internal sealed class LogitSums
{
    private long _rowCount;
    private long _sameChoiceCount;
    private double _divergenceSum;
    private double _maxDivergence;

    /// <summary>Adds a prediction: the logits of A and of B.</summary>
    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        (int choiceA, double logSumA) = Summarize(a);
        (int choiceB, double logSumB) = Summarize(b);
        double divergence = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double logA = a[i] - logSumA;
            divergence += Math.Exp(logA) * (logA - (b[i] - logSumB));
        }

        _rowCount++;
        if (choiceA == choiceB) _sameChoiceCount++;

        // Never negative but for rounding.
        divergence = Math.Max(0, divergence);
        _divergenceSum += divergence;
        _maxDivergence = Math.Max(_maxDivergence, divergence);
    }

    public LogitDifference ToDifference() =>
        new(_rowCount, _sameChoiceCount, _rowCount == 0 ? 0 : _divergenceSum / _rowCount, _maxDivergence);

    // The lowest of the largest, and the logarithm of the sum of exp.
    private static (int Choice, double LogSum) Summarize(ReadOnlySpan<float> logits)
    {
        int choice = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[choice]) choice = i;
        }

        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - (double)logits[choice]);
        return (choice, logits[choice] + Math.Log(sum));
    }
}
