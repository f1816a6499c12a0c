namespace Steno.Speech;

/// <summary>How often levels came, for percentiles of them; to a quarter of a decibel, from -100 to 0 dB.</summary>
internal sealed class LevelHistogram
{
    private const float Lowest = -100;
    private const float StepsPerDecibel = 4;
    private const int BinCount = 401;

    private readonly int[] _counts = new int[BinCount];
    private int _total;

    public bool IsEmpty => _total == 0;

    /// <summary>Where a level is counted.</summary>
    public static short BinOf(float level) => (short)Math.Clamp((level - Lowest) * StepsPerDecibel, 0, BinCount - 1);

    public void Add(short bin)
    {
        _counts[bin]++;
        _total++;
    }

    public void Remove(short bin)
    {
        _counts[bin]--;
        _total--;
    }

    /// <summary>The level that a share of all lies below; not for an empty histogram.</summary>
    /// <param name="share">0 to 1.</param>
    public float Percentile(float share)
    {
        int rank = (int)(share * (_total - 1));
        int bin = 0;
        for (int below = _counts[0]; below <= rank && bin < BinCount - 1; below += _counts[bin]) bin++;
        return Lowest + (bin / StepsPerDecibel);
    }
}
