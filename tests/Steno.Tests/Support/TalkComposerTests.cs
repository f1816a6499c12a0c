namespace Steno.Tests.Support;

public sealed class TalkComposerTests
{
    private const int Rate = 16_000;

    [Fact]
    public void A_talk_is_what_its_truth_says()
    {
        TalkComposer composer = Composer();
        Talk talk = composer.Compose(new TalkOptions { Seed = 7, Length = TimeSpan.FromMinutes(3) });
        float[] samples = talk.ReadAll();

        Assert.Equal(talk.SampleCount, samples.Length);
        Assert.InRange(samples.Length, 180 * Rate, 220 * Rate);
        Assert.All(talk.Sentences.GroupBy(sentence => sentence.Stretch), stretch => Assert.Single(stretch.Select(sentence => (sentence.Voice, sentence.Language)).Distinct()));
        Assert.True(talk.Sentences.Select(sentence => sentence.Voice).Distinct().Count() > 1);

        // Without noise there is sound where there are sentences, and nowhere else.
        long end = 0;
        foreach (TalkSentence sentence in talk.Sentences)
        {
            Assert.True(sentence.Start >= end);
            Assert.All(samples[(int)end..(int)sentence.Start], sample => Assert.Equal(0, sample));
            Assert.All(sentence.Words, word => Assert.Contains(samples[(int)word.Start..(int)word.End], sample => Math.Abs(sample) > 0.01f));
            end = sentence.End;
        }
    }

    [Fact]
    public void A_seed_is_a_talk()
    {
        TalkComposer composer = Composer();
        var options = new TalkOptions { Seed = 3, NoiseBelow = 15, HasMusic = true };

        Assert.Equal(composer.Compose(options).ReadAll(), composer.Compose(options).ReadAll());
        Assert.NotEqual(composer.Compose(options).ReadAll(), composer.Compose(options with { Seed = 4 }).ReadAll());
    }

    [Fact]
    public void Noise_has_the_level_that_is_asked_for()
    {
        TalkComposer composer = Composer();
        var options = new TalkOptions { Seed = 5 };
        Talk clean = composer.Compose(options);
        float[] plain = clean.ReadAll(), noisy = composer.Compose(options with { NoiseBelow = 10 }).ReadAll();

        double speech = clean.Sentences.SelectMany(sentence => sentence.Words).Average(word => Power(plain[(int)word.Start..(int)word.End]));
        double noise = Power([.. plain.Zip(noisy, (a, b) => b - a)]);

        Assert.Equal(10, 10 * Math.Log10(speech / noise), 2.0);
    }

    [Fact]
    public void A_written_talk_is_the_same()
    {
        using var directory = new TemporaryDirectory();
        string path = Path.Combine(directory.Path, "talk.wav");
        Talk talk = Composer().Compose(new TalkOptions { Seed = 9, NoiseBelow = 20, Length = TimeSpan.FromSeconds(20) });
        talk.Write(path);

        float[] written = Samples.Read(path);

        Assert.Equal(talk.ReadAll().Length, written.Length);
        Assert.All(talk.ReadAll().Zip(written), pair => Assert.InRange(pair.First - pair.Second, -2e-5f, 3.1e-5f));
    }

    private static double Power(float[] samples) => samples.Average(sample => (double)sample * sample);

    private static TalkComposer Composer() => new(Repository.RequireShared("data", "tiny-long"));
}
