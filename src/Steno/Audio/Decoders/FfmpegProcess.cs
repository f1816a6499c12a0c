using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Steno.Audio.Decoders;

/// <summary>A running ffmpeg: it is fed, its errors are read, and it is gone when this is disposed.</summary>
/// <remarks>Were this process killed, ffmpeg would end by itself at its next read or write: both ends of its pipes are here.</remarks>
internal sealed class FfmpegProcess : IDisposable
{
    private static readonly TimeSpan ReapLimit = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly CancellationTokenSource _lifetime = new();
    private readonly DecoderFeed _feed;
    private readonly TaskCompletionSource _errorsRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _feeding;
    private int _isDisposed;

    private FfmpegProcess(Process process, DecoderFeed feed)
    {
        _process = process;
        _feed = feed;
        ChildMemory.Limit(process.Id);
        new Thread(() => ReadErrors(process.StandardError)) { IsBackground = true, Name = "Steno ffmpeg errors" }.Start();
        _feeding = feed.RunAsync(process.StandardInput.BaseStream, _lifetime.Token);
    }

    /// <summary>What it wrote on standard error so far.</summary>
    public FfmpegReport Report { get; } = new();

    /// <summary>What it decodes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Whether it can go on only when its input does.</summary>
    public bool IsWaitingForInput => _feed.IsWaiting;

    /// <summary>What went wrong with the input; null when nothing did.</summary>
    public Exception? InputFault => _feed.Fault;

    /// <summary>Starts ffmpeg.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="arguments">What to do.</param>
    /// <param name="feed">Gives it what it gets on standard input.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static FfmpegProcess Start(string program, IEnumerable<string> arguments, DecoderFeed feed)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            CreateNoWindow = true,
        };

        // The first writes a log file; the second forbids colours in the text that is quoted.
        start.Environment.Remove("FFREPORT");
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        return new FfmpegProcess(Process.Start(start)!, feed);
    }

    /// <summary>Waits for its end, and until all that it wrote on standard error is read: what it says last may be that half the audio is missing.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        await _errorsRead.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Ends it and waits until it has let go of its input.</summary>
    /// <returns>Whether the input can be read by another.</returns>
    public async Task<bool> StopAsync()
    {
        Kill();
        await Task.WhenAny(_feeding, Task.Delay(ReapLimit, CancellationToken.None)).ConfigureAwait(false);
        return _feeding.IsCompleted;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _lifetime.Cancel();
        Kill();
        _process.WaitForExit(ReapLimit);
        _process.Dispose();
        _ = _feeding.ContinueWith(_ => _lifetime.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void ReadErrors(StreamReader reader)
    {
        FfmpegErrors.ReadAll(reader, Report);
        _errorsRead.TrySetResult();
    }

    // With its descendants: the program may be a script that starts the real one.
    private void Kill()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended in this moment.
        }
    }
}
