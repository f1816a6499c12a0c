using Steno.Audio;
using Steno.Audio.Containers;
using Steno.Audio.Decoders;

namespace Steno.Tests.Audio.Decoders;

public sealed class DecoderFeedTests
{
    // A decoder that sees its input end may end well, and nobody waits for anything else after that.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_of_the_input_is_known_before_the_decoder_sees_its_end(bool isAudioFault)
    {
        Exception fault = isAudioFault ? new AudioFormatException("damaged") : new InvalidOperationException("The connection was lost.");
        var feed = new DecoderFeed(new ByteSource(new FaultingStream(new byte[100_000], fault), leaveOpen: false), walk: null, damage: null);
        using var decoder = new ClosedStream(() => feed.Fault);

        await feed.RunAsync(decoder, CancellationToken.None);

        Assert.Same(fault, decoder.FaultAtEnd);
        Assert.Equal(100_000, decoder.WrittenBytes);
    }

    [Fact]
    public async Task What_the_walk_finds_at_the_end_is_known_before_the_decoder_sees_it()
    {
        byte[] ogg = Media.OpusBomb(pageCount: 2, isHonest: true)[..^9];
        var walk = new OggWalk(TimeSpan.FromHours(1), message => new AudioFormatException(message));
        var feed = new DecoderFeed(new ByteSource(new MemoryStream(ogg), leaveOpen: false), walk, damage: null);
        using var decoder = new ClosedStream(() => feed.Fault);

        await feed.RunAsync(decoder, CancellationToken.None);

        Assert.Contains("it is cut off", decoder.FaultAtEnd!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_that_is_kept_does_not_end_the_input()
    {
        byte[] ogg = Media.OpusBomb(pageCount: 3, isHonest: true);
        ogg[^1] ^= 1;
        var damage = new DamageLog();
        var walk = new OggWalk(TimeSpan.FromHours(1), message => new AudioFormatException(message));
        var feed = new DecoderFeed(new ByteSource(new MemoryStream(ogg), leaveOpen: false), walk, damage);
        using var decoder = new ClosedStream(() => feed.Fault);

        await feed.RunAsync(decoder, CancellationToken.None);

        Assert.Null(decoder.FaultAtEnd);
        Assert.Equal(ogg.Length, decoder.WrittenBytes);
        Assert.Contains("checksum is wrong", damage.First!.Value.Reason, StringComparison.Ordinal);
        Assert.Equal(2 * 30.6, damage.First.Value.Seconds, tolerance: 1e-9);
    }

    [Fact]
    public async Task A_decoder_that_ends_first_is_no_fault_of_the_input()
    {
        var feed = new DecoderFeed(new ByteSource(new MemoryStream(new byte[1000]), leaveOpen: false), walk: null, damage: null);
        using var gone = new MemoryStream([], writable: false);

        await feed.RunAsync(gone, CancellationToken.None);

        Assert.Null(feed.Fault);
        Assert.False(feed.IsWaiting);
    }

    [Fact]
    public async Task A_stream_that_faults_half_way_is_not_taken_for_a_whole_recording()
    {
        Media.RequireFfmpeg();
        using var directory = new TemporaryDirectory();
        string path = directory.PathOf("a.webm");
        Media.Make("-i", Samples.AudioPath("english-3"), "-f", "webm", path);
        byte[] bytes = await File.ReadAllBytesAsync(path);
        var lost = new IOException("The connection was lost.");

        var fault = await Assert.ThrowsAsync<IOException>(async () =>
        {
            var stream = new FaultingStream(bytes[..(bytes.Length / 2)], lost);
            using SampleReader reader = await AudioInput.OpenAsync(stream, new AudioInputOptions { Damage = new DamageLog() }, leaveOpen: false, CancellationToken.None);
            await Media.CountAsync(reader);
        });

        Assert.Contains(lost.Message, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Notes what is known when it is closed.</summary>
    private sealed class ClosedStream(Func<Exception?> fault) : MemoryStream
    {
        private bool _isClosed;

        public Exception? FaultAtEnd { get; private set; }

        public long WrittenBytes { get; private set; }

        protected override void Dispose(bool disposing)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                FaultAtEnd = fault();
                WrittenBytes = Length;
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>Gives its content, then throws.</summary>
    private sealed class FaultingStream(byte[] content, Exception fault) : MemoryStream(content, writable: false)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Read(buffer.Span);
            return count > 0 ? ValueTask.FromResult(count) : ValueTask.FromException<int>(fault);
        }
    }
}
