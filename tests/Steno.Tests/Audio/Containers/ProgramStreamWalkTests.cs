using System.Buffers.Binary;
using Steno.Audio.Containers;

namespace Steno.Tests.Audio.Containers;

/// <summary>Program streams that are put together here, byte by byte, as ISO 11172-1 and 13818-1 have them.</summary>
public sealed class ProgramStreamWalkTests
{
    // Layer II at 64 kbit/s and 48 kHz: 144 * 64000 / 48000 = 192 bytes.
    private const int FrameBytes = 192;

    private static readonly byte[] Frame = [0xFF, 0xFD, 0x44, 0xC4, .. Enumerable.Repeat((byte)0x55, FrameBytes - 4)];

    [Theory]
    [InlineData(true, 200)]
    [InlineData(true, 1000)]
    [InlineData(false, 200)]
    [InlineData(false, 1000)]
    public void Packets_whose_last_frame_is_whole_are_sound_and_others_cut_off(bool isMpeg2, int payloadBytes)
    {
        byte[] audio = [.. Enumerable.Repeat(Frame, 50).SelectMany(frame => frame)];
        foreach (int missing in (int[])[0, 1, 5, FrameBytes - 1, FrameBytes, 3 * FrameBytes])
        {
            byte[] stream = [.. Packs(audio[..^missing], payloadBytes, isMpeg2)];
            if (missing % FrameBytes == 0)
            {
                Follow(stream);
                Follow([.. stream, 0, 0, 1, 0xB9]);
                Follow([.. stream, .. new byte[5000]]);
            }
            else
            {
                var fault = Assert.Throws<AudioFormatException>(() => Follow(stream));
                Assert.Contains("the last frame of audio in it is not whole", fault.Message, StringComparison.Ordinal);
            }
        }
    }

    // A part of a longer recording, such as a second file of a DVD.
    [Fact]
    public void A_stream_may_begin_in_the_middle_of_a_frame()
    {
        byte[] audio = [.. Enumerable.Repeat(Frame, 50).SelectMany(frame => frame)];

        Follow([.. Packs(audio[77..], 1000, isMpeg2: true)]);
        Assert.Throws<AudioFormatException>(() => Follow([.. Packs(audio[77..^9], 1000, isMpeg2: true)]));
    }

    // What has no such frames, or too few of them, is for the decoder to judge.
    [Fact]
    public void Other_audio_is_not_judged()
    {
        byte[] noise = new byte[20_000];
        new Random(1).NextBytes(noise);

        Follow([.. Packs(noise, 1000, isMpeg2: true)]);
        Follow([.. Packs([.. Frame, .. Frame[..50]], 1000, isMpeg2: true)]);
    }

    [Fact]
    public void A_packet_that_is_not_whole_is_cut_off()
    {
        byte[] audio = [.. Enumerable.Repeat(Frame, 50).SelectMany(frame => frame)];
        byte[] stream = [.. Packs(audio, 1000, isMpeg2: true)];

        foreach (int length in (int[])[stream.Length - 1, stream.Length - 300, 14 + 5, 13])
            Assert.Contains("the file ends inside the MPEG packet at byte ", Assert.Throws<AudioFormatException>(() => Follow(stream[..length])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<byte> Packs(byte[] audio, int payloadBytes, bool isMpeg2)
    {
        foreach (byte[] payload in audio.Chunk(payloadBytes))
        {
            byte[] pack = isMpeg2 ? [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xF8] : [0, 0, 1, 0xBA, 0x21, 0, 1, 0, 1, 0x80, 0, 1];
            byte[] header = isMpeg2 ? [0x81, 0x80, 5, 0x21, 0, 1, 0, 1] : [0xFF, 0xFF, 0x60, 0x20, 0x21, 0, 1, 0, 1];
            byte[] size = new byte[2];
            BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)(header.Length + payload.Length));
            foreach (byte value in (byte[])[.. pack, 0, 0, 1, 0xC0, .. size, .. header, .. payload]) yield return value;
        }
    }

    private static void Follow(byte[] bytes)
    {
        foreach (int piece in (int[])[1, 7, 4096, bytes.Length])
        {
            var walk = new ProgramStreamWalk(TimeSpan.FromHours(1), message => new AudioFormatException(message));
            for (int position = 0; position < bytes.Length; position += piece) walk.Push(bytes.AsSpan(position, Math.Min(piece, bytes.Length - position)));
            walk.End();
        }
    }
}
