using Steno.Audio.Containers;

namespace Steno.Audio;

/// <summary>Knows bare frames of MPEG audio, AAC or AC-3 by several in a row, each where the one before says.</summary>
/// <remarks>
/// A header has some 15 bits that samples can have by chance. Three at the very start have not; elsewhere, as in a stream that was joined
/// under way, there are some thousand places to begin at, so four are asked for.
/// </remarks>
internal static class FrameRun
{
    private const int CountAtStart = 3;
    private const int CountElsewhere = 4;

    private delegate bool FrameParser(ReadOnlySpan<byte> bytes, out Frame frame);

    /// <summary>Looks for frames.</summary>
    /// <param name="start">The first bytes.</param>
    /// <param name="scannedBytes">How many of them the first frame may begin at.</param>
    /// <param name="needed">How many of the first bytes would tell more.</param>
    /// <returns>What the frames are; null when there are none.</returns>
    public static AudioContainer? Find(ReadOnlySpan<byte> start, int scannedBytes, out int needed)
    {
        needed = 0;
        for (int offset = 0; offset < Math.Min(start.Length, scannedBytes); offset++)
        {
            FrameParser? parser = start[offset] switch
            {
                0xFF => ParseMpeg,
                Ac3Frame.SyncByte => ParseAc3,
                Latm.SyncByte => ParseLatm,
                _ => null,
            };
            if (parser is not null && Follow(start, offset, parser, ref needed) is { } container) return container;
        }

        return null;
    }

    private static AudioContainer? Follow(ReadOnlySpan<byte> start, int offset, FrameParser parse, ref int needed)
    {
        Frame first = default;
        int end = offset;
        for (int count = 0; count < (offset == 0 ? CountAtStart : CountElsewhere); count++)
        {
            int room = end + MpegFrame.HeaderBytes;
            if (room > start.Length)
            {
                needed = Math.Max(needed, room);
                return null;
            }

            if (!parse(start[end..], out Frame frame)) return null;
            if (count == 0) first = frame;
            else if (frame.Container != first.Container || frame.Kind != first.Kind) return null;
            end += frame.SizeBytes;
        }

        return first.Container;
    }

    private static bool ParseMpeg(ReadOnlySpan<byte> bytes, out Frame found)
    {
        bool isFrame = MpegFrame.TryParse(bytes, out MpegFrame frame);
        found = new Frame(frame.Layer == 0 ? AudioContainer.Aac : AudioContainer.Mpeg, frame.SizeBytes, (frame.Layer, frame.SampleRateHz, frame.SampleCount));
        return isFrame;
    }

    private static bool ParseAc3(ReadOnlySpan<byte> bytes, out Frame found)
    {
        bool isFrame = Ac3Frame.TryParse(bytes, out Ac3Frame frame);
        found = new Frame(AudioContainer.Ac3, frame.SizeBytes, (frame.IsEnhanced ? 1 : 0, frame.SampleRateHz, 0));
        return isFrame;
    }

    private static bool ParseLatm(ReadOnlySpan<byte> bytes, out Frame found)
    {
        found = new Frame(AudioContainer.Latm, Latm.FrameBytes(bytes), default);
        return found.SizeBytes > 0;
    }

    private readonly record struct Frame(AudioContainer Container, int SizeBytes, (int Layer, int SampleRateHz, int SampleCount) Kind);
}
