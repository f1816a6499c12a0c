using System.Diagnostics;

namespace Steno.Audio.Decoders;

/// <summary>What ffmpeg decodes, as a stream that ends only when ffmpeg ended well; what it complained of besides is for the reader to judge.</summary>
internal sealed class FfmpegOutput(FfmpegProcess process, ByteSource source, TimeSpan stallLimit) : Stream
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private bool _isDisposed;
    private bool _hasGiven;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="AudioFormatException">ffmpeg ended by a fault, or gave nothing for too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowInputFault();
        int count = await InTimeAsync(process.Output.ReadAsync(buffer, CancellationToken.None).AsTask(), cancellationToken).ConfigureAwait(false);
        _hasGiven |= count > 0;
        if (count > 0 || _isDisposed) return count;

        int exitCode = await InTimeAsync(process.WaitForExitAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false);
        ThrowInputFault();
        if (exitCode == 0 && (_hasGiven || Summary is null)) return 0;
        throw DamagedAudio.Fault(source.Fault, Reason(exitCode));
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            process.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    // At once, not where ffmpeg has decoded what came before it: that may be hours.
    private void ThrowInputFault()
    {
        if (process.InputFault is { } fault) throw fault is AudioFormatException or IOException ? fault : new IOException(fault.Message, fault);
    }

    private async Task<T> InTimeAsync<T>(Task<T> task, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await task.WaitAsync(Tick < stallLimit ? Tick : stallLimit, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                if (process.IsWaitingForInput) start = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(start) < stallLimit) continue;
            }

            process.Dispose();
            throw DamagedAudio.Fault(source.Fault, $"ffmpeg gave no audio for {stallLimit.TotalSeconds:F0} seconds and was stopped: it hangs on this audio. Where it is only slow, raise {DecoderSettings.StallVariable}");
        }
    }

    private string? Summary => process.Report.Summary(static _ => false);

    private string Reason(int exitCode)
    {
        if (process.Report.IsTrackMissing) return "there is no such audio track";
        string reason = Summary is { } summary ? ": " + summary : string.Empty;
        if (exitCode > 128) return $"ffmpeg was killed by signal {exitCode - 128}{reason}";
        return exitCode == 0 ? $"ffmpeg gave no audio{reason}" : $"ffmpeg ended with exit code {exitCode}{reason}";
    }
}
