using Steno.Benchmarks.Roofs;

namespace Steno.Benchmarks.Tests.Roofs;

public sealed class RoofTests
{
    [Fact]
    public void Each_thread_of_a_team_works_once_in_each_run_and_once_before()
    {
        int[] calls = new int[3];
        double[] seconds = ThreadTeam.Time(threadCount: 3, runCount: 4, index =>
        {
            calls[index]++;
            Thread.Sleep(2);
        });

        Assert.Equal([5, 5, 5], calls);
        Assert.Equal(4, seconds.Length);
        Assert.All(seconds, time => Assert.InRange(time, 0.0015, 10));
    }

    // Between what any computer of the last twenty years does and what none does.
    [Fact]
    public void Every_roof_of_this_machine_is_measured_with_one_thread_and_with_several()
    {
        var survey = new RoofSurvey { BufferBytes = 1 << 24, RunCount = 2, PeakIterationCount = 200_000 };
        IReadOnlyList<Roof> roofs = survey.MeasureAll(maxThreadCount: 3);

        int kinds = 1 + FloatPeak.Supported.Count + IntegerDotPeak.Supported.Count;
        Assert.Equal(kinds * 3, roofs.Count);
        Assert.Equal([1, 2, 3], roofs.Select(roof => roof.ThreadCount).Distinct());
        Assert.All(roofs, roof =>
        {
            Assert.InRange(roof.Best, 1e8, 1e14);
            Assert.InRange(roof.Median, 1e7, roof.Best);
        });
        Assert.Contains("| memory read", RoofReport.Text(roofs), StringComparison.Ordinal);
    }
}
