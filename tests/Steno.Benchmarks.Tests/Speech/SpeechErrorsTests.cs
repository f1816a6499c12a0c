using Steno.Benchmarks.Speech;

namespace Steno.Benchmarks.Tests.Speech;

public sealed class SpeechErrorsTests
{
    private const int Rate = 16_000;

    [Fact]
    public void Shares_are_of_what_lies_away_from_the_edges()
    {
        // Of the 2 s of speech 1.8 s count, and of the 8 s around it 7.8 s.
        var errors = new SpeechErrors();
        errors.Add([(2 * Rate, 4 * Rate)], [(3 * Rate, 5 * Rate)], 10 * Rate);

        Assert.Equal(0.9 / 1.8, errors.MissRate, 0.001);
        Assert.Equal(0.9 / 7.8, errors.FalseAlarmRate, 0.001);
    }

    [Fact]
    public void Errors_at_the_edges_do_not_count()
    {
        var errors = new SpeechErrors();
        errors.Add([(2 * Rate, 4 * Rate), (6 * Rate, 7 * Rate)], [((2 * Rate) - 1500, (4 * Rate) + 1500), ((6 * Rate) + 1500, (7 * Rate) - 1500)], 10 * Rate);

        Assert.Equal(0, errors.MissRate);
        Assert.Equal(0, errors.FalseAlarmRate);
    }

    [Fact]
    public void Nothing_at_all_is_no_error() => Assert.Equal((0, 0), (new SpeechErrors().MissRate, new SpeechErrors().FalseAlarmRate));
}
