namespace Steno.Audio.Containers;

/// <summary>Follows the chunks of a file that each tell their size, and finds the one with audio that is not whole.</summary>
internal sealed class ChunkWalk(ChunkLayout layout, TimeSpan maxDuration, Func<string, AudioFormatException> fault) : ContainerWalk(maxDuration, fault)
{
    private bool _isAudio;

    public override double Seconds => 0;

    protected override string UnitName => layout.UnitName;

    protected override long Slack => _isAudio ? layout.SlackBytes : long.MaxValue;

    /// <inheritdoc/>
    /// <remarks>ffmpeg reads raw samples by blocks of its own, of which the last is short where the header does not tell how many there are.</remarks>
    public override bool Explains(ComplaintKind complaint, double decodedSeconds) => complaint == ComplaintKind.Short && layout.IsReadInBlocks;

    protected override long Measure(ReadOnlySpan<byte> bytes, bool isAtEnd)
    {
        Chunk chunk = layout.Measure(bytes, Position);
        _isAudio = chunk.IsAudio;
        return chunk.SizeBytes > 0 ? chunk.SizeBytes : chunk == Chunk.NeedsMore && !isAtEnd ? 0 : GiveUp();
    }
}
