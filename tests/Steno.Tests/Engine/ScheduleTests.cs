using System.Globalization;

namespace Steno.Tests.Engine;

/// <summary>Random schedules; STENO_SCHEDULE_COUNT says how many.</summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_happens_to_others_each_sequence_gets_the_ids_that_it_has_alone_and_nothing_is_left_over()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("STENO_SCHEDULE_COUNT") ?? "1000", CultureInfo.InvariantCulture);
        using var clips = new EngineClips();
        int references = clips.WindowReferences;
        var tally = new ScheduleTally();
        for (int seed = 0; seed < count; seed++)
        {
            try
            {
                using var schedule = new RandomSchedule(clips, seed, tally);
                schedule.Run();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                throw new InvalidOperationException($"Schedule {seed} failed: {exception.Message}", exception);
            }

            Assert.Equal(references, clips.WindowReferences);
        }

        output.WriteLine($"{count} schedules: {tally}");
        Assert.True(tally is { Whole: > 0, Cancelled: > 0, Faulted: > 0, Drafts: > 0, AcceptedDraftTokens: > 0, Evictions: > 0, Continued: > 0, TooLong: > 0 }, $"Not everything happened: {tally}");
    }
}
