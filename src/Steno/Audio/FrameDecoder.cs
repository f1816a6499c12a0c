using System.Buffers.Binary;
using System.Globalization;

namespace Steno.Audio;

/// <summary>Turns stored frames into mono samples: the arithmetic mean of the channels, full scale at ±1.</summary>
internal sealed class FrameDecoder
{
    /// <summary>The largest magnitude a float sample may have: 2^31, full scale of files that hold integers as floats.</summary>
    public const float LargestMagnitude = 2147483648f;

    private readonly WavFormat _format;
    private readonly Func<string, AudioFormatException> _fault;
    private readonly float[] _interleaved;

    /// <summary>Prepares to decode one stream from its start.</summary>
    /// <param name="format">How frames are stored.</param>
    /// <param name="fault">Makes the exception of a message.</param>
    public FrameDecoder(WavFormat format, Func<string, AudioFormatException> fault)
    {
        _format = format;
        _fault = fault;
        _interleaved = format.ChannelCount == 1 ? [] : new float[4 * WavFormat.MaximumChannelCount];
    }

    /// <summary>Number of frames decoded so far.</summary>
    public long FrameCount { get; private set; }

    /// <summary>Decodes whole frames.</summary>
    /// <param name="frames">Stored frames; bytes beyond the last whole one are left.</param>
    /// <param name="destination">Receives one sample for each frame, as many as fit.</param>
    /// <returns>Number of frames decoded.</returns>
    /// <exception cref="AudioFormatException">A sample is NaN, infinite or beyond <see cref="LargestMagnitude"/>.</exception>
    public int Decode(ReadOnlySpan<byte> frames, Span<float> destination)
    {
        int channelCount = _format.ChannelCount;
        int count = Math.Min(frames.Length / _format.BytesPerFrame, destination.Length);
        if (channelCount == 1)
        {
            DecodeSamples(frames[..(count * _format.BytesPerSample)], destination[..count]);
            FrameCount += count;
            return count;
        }

        for (int done = 0; done < count;)
        {
            int part = Math.Min(count - done, _interleaved.Length / channelCount);
            Span<float> samples = _interleaved.AsSpan(0, part * channelCount);
            DecodeSamples(frames.Slice(done * _format.BytesPerFrame, part * _format.BytesPerFrame), samples);
            for (int frame = 0; frame < part; frame++)
                destination[done + frame] = Mean(samples.Slice(frame * channelCount, channelCount));
            FrameCount += part;
            done += part;
        }

        return count;
    }

    private static float Mean(ReadOnlySpan<float> channels)
    {
        double sum = 0;
        foreach (float value in channels)
            sum += value;
        return (float)(sum / channels.Length);
    }

    private void DecodeSamples(ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        switch (_format.Encoding)
        {
            case WavEncoding.Pcm8:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (bytes[i] - 128) / 128f;
                break;
            case WavEncoding.Pcm16:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) / 32768f;
                break;
            case WavEncoding.Pcm24:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (bytes[3 * i] | (bytes[(3 * i) + 1] << 8) | ((sbyte)bytes[(3 * i) + 2] << 16)) / 8388608f;
                break;
            case WavEncoding.Pcm32:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) / 2147483648f;
                break;
            case WavEncoding.Float32:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                CheckMagnitudes(samples);
                break;
            case WavEncoding.Float64:
                for (int i = 0; i < samples.Length; i++)
                    samples[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                CheckMagnitudes(samples);
                break;
            case WavEncoding.ALaw:
                Expand(bytes, G711.ALaw, samples);
                break;
            default:
                Expand(bytes, G711.MuLaw, samples);
                break;
        }
    }

    private static void Expand(ReadOnlySpan<byte> codes, float[] values, Span<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
            samples[i] = values[codes[i]];
    }

    private void CheckMagnitudes(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (Math.Abs(samples[i]) <= LargestMagnitude) continue;
            long frame = FrameCount + (i / _format.ChannelCount);
            double seconds = (double)frame / _format.SampleRateHz;
            throw _fault(string.Create(
                CultureInfo.InvariantCulture,
                $"sample {frame} ({seconds:F3} s) of channel {(i % _format.ChannelCount) + 1} is {samples[i]}, which is no sound: ") +
                "samples are numbers, nominally between -1 and 1.");
        }
    }
}
