namespace Steno.Speech;

/// <summary>Groups spans of speech into segments at the best pauses.</summary>
/// <remarks>
/// The groups with the least sum of costs, found by dynamic programming. A group of length L costs ((L - target) / target)², and a half more when it is
/// shorter than the least length although a neighbour has room for it; a boundary in a pause of g seconds costs 0.6 exp(-g / 0.5 s). No group is longer
/// than the largest length, and none has a pause of the split gap inside.
/// </remarks>
internal sealed class SegmentGrouping(SegmentSettings settings)
{
    private const double ShortCost = 0.5;
    private const double BoundaryCost = 0.6;
    private const double BoundaryDecaySeconds = 0.5;

    private readonly long _max = SegmentSettings.Samples(settings.MaxLength);
    private readonly long _min = SegmentSettings.Samples(settings.MinLength);
    private readonly long _splitGap = SegmentSettings.Samples(settings.SplitGap);
    private readonly double _target = SegmentSettings.Samples(settings.TargetLength);
    private readonly double _decay = SegmentSettings.Samples(TimeSpan.FromSeconds(BoundaryDecaySeconds));
    private double[] _costs = new double[64];
    private int[] _nexts = new int[64];

    /// <summary>Number of spans in the first group.</summary>
    /// <param name="spans">At least one, in order, each no longer than the largest length.</param>
    /// <param name="isLastOpen">Whether the last span goes on: a group that ends with it has no cost for its length yet.</param>
    public int FirstCount(IReadOnlyList<SampleSpan> spans, bool isLastOpen)
    {
        int count = spans.Count;
        if (_costs.Length <= count)
        {
            _costs = new double[2 * count];
            _nexts = new int[2 * count];
        }

        _costs[count] = 0;
        for (int first = count - 1; first >= 0; first--)
        {
            _costs[first] = double.PositiveInfinity;
            for (int next = first + 1; next <= count; next++)
            {
                if (next > first + 1 && (spans[next - 1].End - spans[first].Start > _max || spans[next - 1].Start - spans[next - 2].End >= _splitGap)) break;
                bool isOpen = isLastOpen && next == count;
                double cost = (isOpen ? 0 : LengthCost(spans, first, next)) + BoundaryCostOf(spans, next) + _costs[next];
                if (cost >= _costs[first]) continue;
                _costs[first] = cost;
                _nexts[first] = next;
            }
        }

        return _nexts[0];
    }

    private double LengthCost(IReadOnlyList<SampleSpan> spans, int first, int next)
    {
        long length = spans[next - 1].End - spans[first].Start;
        double distance = (length - _target) / _target;
        bool hasRoom = length < _min
            && ((first > 0 && spans[next - 1].End - spans[first - 1].Start <= _max) || (next < spans.Count && spans[next].End - spans[first].Start <= _max));
        return (distance * distance) + (hasRoom ? ShortCost : 0);
    }

    private double BoundaryCostOf(IReadOnlyList<SampleSpan> spans, int next) =>
        next == spans.Count ? 0 : BoundaryCost * Math.Exp(-(spans[next].Start - spans[next - 1].End) / _decay);
}
