using System.Runtime.InteropServices;
using Steno.Audio;

namespace Steno.Tests.Audio;

public sealed class PcmReaderTests
{
    [Fact]
    public async Task Raw_16_bit_samples_are_read()
    {
        Assert.Equal((float[])[-1f, 32767 / 32768f, 0f, 1 / 32768f], await ReadAsync([0, 0x80, 0xFF, 0x7F, 0, 0, 1, 0], WavEncoding.Pcm16));
    }

    [Fact]
    public async Task Raw_floats_are_read_as_they_are()
    {
        float[] samples = [.. AudioFixtures.Noise(50_000, seed: 1), 1.5f, -0f];

        Assert.Equal(samples, await ReadAsync(MemoryMarshal.AsBytes<float>(samples).ToArray(), WavEncoding.Float32));
    }

    [Fact]
    public async Task Nothing_is_no_sample()
    {
        Assert.Empty(await ReadAsync([], WavEncoding.Pcm16));
    }

    [Theory]
    [InlineData(WavEncoding.Pcm16, 3, "1 of the 2 bytes of sample 1")]
    [InlineData(WavEncoding.Float32, 7, "3 of the 4 bytes of sample 1")]
    internal async Task A_sample_that_is_cut_off_is_an_error(WavEncoding encoding, int byteCount, string message)
    {
        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => ReadAsync(new byte[byteCount], encoding));

        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_float_that_is_no_number_is_an_error_that_tells_its_place()
    {
        float[] samples = new float[40_000];
        samples[32_000] = float.NaN;

        var fault = await Assert.ThrowsAsync<AudioFormatException>(() => ReadAsync(MemoryMarshal.AsBytes<float>(samples).ToArray(), WavEncoding.Float32));

        Assert.Contains("sample 32000 (2.000 s) of channel 1 is NaN", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<float[]> ReadAsync(byte[] bytes, WavEncoding encoding)
    {
        using var reader = new PcmReader(new ByteSource(new ForwardOnlyStream(bytes, largestRead: 999), leaveOpen: false), encoding);
        Assert.Equal(16000, reader.SampleRateHz);
        return await AudioFixtures.ReadAllAsync(reader);
    }
}
