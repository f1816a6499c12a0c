using System.Buffers.Binary;

namespace Steno.Audio.Containers;

/// <summary>The fragments of an MP4 file in their order: finds one whose boxes do not fit, and where some are missing.</summary>
/// <remarks>
/// Fragments are numbered (mfhd) and say when they begin (tfdt). A step of the number alone proves nothing: tracks that were taken out of a
/// common file keep theirs. With it time must step further than from any fragment to the next before.
/// </remarks>
internal sealed class Mp4Timeline
{
    /// <summary>How many fragments must have followed one another before a step counts.</summary>
    private const int MinStepCount = 2;

    /// <summary>More tracks than this are not watched.</summary>
    private const int MaxTrackCount = 64;

    private const double LongestStep = 1.5;

    private readonly Dictionary<uint, Track> _tracks = [];
    private uint? _number;
    private int _evenSteps;

    /// <summary>Takes in the content of a fragment's header.</summary>
    /// <param name="content">The boxes inside <c>moof</c>.</param>
    /// <param name="damage">What is wrong with it.</param>
    /// <returns>False when something is.</returns>
    public bool TryAdd(ReadOnlySpan<byte> content, out string? damage)
    {
        damage = "is damaged: the boxes inside it do not fit";
        bool isGap = false;
        while (!content.IsEmpty)
        {
            if (!Mp4Box.TryRead(content, out Mp4Box box) || box.SizeBytes > content.Length) return false;
            ReadOnlySpan<byte> body = content[box.HeaderBytes..(int)box.SizeBytes];
            if (Mp4Box.IsOfType(content, "mfhd"u8))
            {
                if (body.Length < 8) return false;
                isGap = Follow(BinaryPrimitives.ReadUInt32BigEndian(body[4..]));
            }
            else if (Mp4Box.IsOfType(content, "traf"u8))
            {
                if (!TryReadTrack(body, out uint track, out ulong? time)) return false;
                if (time is { } begins && Advance(track, begins) && isGap)
                {
                    damage = "does not follow the one before it: fragments are missing";
                    return false;
                }
            }

            content = content[(int)box.SizeBytes..];
        }

        damage = null;
        return true;
    }

    // Both are full boxes: a version, three bytes of flags, then the number of the track; or the time in 32 bits, in version 1 in 64.
    private static bool TryReadTrack(ReadOnlySpan<byte> content, out uint track, out ulong? time)
    {
        track = 0;
        time = null;
        while (!content.IsEmpty)
        {
            if (!Mp4Box.TryRead(content, out Mp4Box box) || box.SizeBytes > content.Length) return false;
            ReadOnlySpan<byte> body = content[box.HeaderBytes..(int)box.SizeBytes];
            if (Mp4Box.IsOfType(content, "tfhd"u8))
            {
                if (body.Length < 8) return false;
                track = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            }
            else if (Mp4Box.IsOfType(content, "tfdt"u8))
            {
                bool isLong = body.Length > 0 && body[0] == 1;
                if (body.Length < (isLong ? 12 : 8)) return false;
                time = isLong ? BinaryPrimitives.ReadUInt64BigEndian(body[4..]) : BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
            }

            content = content[(int)box.SizeBytes..];
        }

        return true;
    }

    private bool Follow(uint number)
    {
        bool isGap = _number is { } last && number > last && number - last > 1 && _evenSteps >= MinStepCount;
        _evenSteps = _number is { } before && number == before + 1 ? _evenSteps + 1 : 0;
        _number = number;
        return isGap;
    }

    private bool Advance(uint id, ulong time)
    {
        if (!_tracks.TryGetValue(id, out Track? track))
        {
            if (_tracks.Count < MaxTrackCount) _tracks[id] = new Track { Time = time };
            return false;
        }

        double step = time > track.Time ? time - track.Time : 0;
        bool isLong = track.StepCount >= MinStepCount && step > LongestStep * track.LongestStep;
        track.LongestStep = Math.Max(track.LongestStep, step);
        track.StepCount++;
        track.Time = time;
        return isLong;
    }

    private sealed class Track
    {
        public ulong Time { get; set; }

        public double LongestStep { get; set; }

        public int StepCount { get; set; }
    }
}
