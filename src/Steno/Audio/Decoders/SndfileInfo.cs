using System.Runtime.InteropServices;

namespace Steno.Audio.Decoders;

/// <summary>The structure SF_INFO of libsndfile.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SndfileInfo
{
    public long FrameCount;
    public int SampleRateHz;
    public int ChannelCount;
    public int Format;
    public int SectionCount;
    public int IsSeekable;
}
