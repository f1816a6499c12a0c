using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed class AudioRangeTests
{
    [Fact]
    public void Audio_beyond_one_is_divided_by_its_peak_wherever_that_lies()
    {
        for (int length = 1; length < 70; length++)
        {
            for (int place = 0; place < length; place++)
            {
                float[] samples = new float[length];
                samples.AsSpan().Fill(2);
                samples[place] = -4;
                AudioRange.Normalize(samples);

                for (int i = 0; i < length; i++)
                    Assert.Equal(i == place ? -1 : 0.5f, samples[i]);
            }
        }
    }

    [Fact]
    public void Audio_within_one_is_left_alone()
    {
        foreach (float[] samples in (float[][])[[], [0], [1, -1, 0.5f], [0.1f, -0.2f], AudioFixtures.Noise(1000, seed: 3)])
        {
            float[] copy = [.. samples];
            AudioRange.Normalize(copy);
            Assert.Equal(samples, copy);
        }
    }

    [Fact]
    public void The_peak_of_normalised_audio_is_exactly_one()
    {
        float[] samples = AudioFixtures.Noise(10_000, seed: 4);
        for (int i = 0; i < samples.Length; i++)
            samples[i] *= 32768;
        AudioRange.Normalize(samples);

        Assert.Equal(1f, AudioRange.Peak(samples));
    }
}
