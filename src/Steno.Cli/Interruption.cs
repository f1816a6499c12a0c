using System.Runtime.InteropServices;

namespace Steno.Cli;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long work may take to unwind before the process leaves without it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(80);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _fired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _exitCode;

    public Interruption()
    {
        foreach (PosixSignal signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
    }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>Exit code of the signal that came; 0 when none did.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>Waits for the work; after a signal, only as long as a user would not notice.</summary>
    /// <returns>The exit code of the work, or of the signal.</returns>
    public async Task<int> WaitForAsync(Task<int> work)
    {
        await Task.WhenAny(work, _fired.Task).ConfigureAwait(false);
        if (ExitCode == 0)
            return await work.ConfigureAwait(false);

        // Work that is blocked in a system call, such as reading a terminal, cannot be cancelled: it dies with the process.
        await Task.WhenAny(work, Task.Delay(Patience, CancellationToken.None)).ConfigureAwait(false);
        return ExitCode;
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        int exitCode = context.Signal == PosixSignal.SIGINT ? Cli.ExitCode.Interrupted : Cli.ExitCode.Terminated;
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
            return;

        context.Cancel = true;
        _fired.TrySetResult();
        _cancellation.Cancel();
    }
}
