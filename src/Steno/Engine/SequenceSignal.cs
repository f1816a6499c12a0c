using System.Diagnostics.CodeAnalysis;

namespace Steno.Engine;

/// <summary>Wakes the one reader of a sequence. Setting it runs none of the reader's code on the calling thread, and allocates nothing.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Nobody asks the semaphore for a handle: there is nothing to dispose.")]
internal sealed class SequenceSignal
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changes = new(0);

    /// <summary>The end.</summary>
    public Task Completion => _completion.Task;

    public Task WaitAsync() => _changes.WaitAsync(CancellationToken.None);

    public void Set() => _changes.Release();

    public void Complete()
    {
        _completion.TrySetResult();
        Set();
    }

    public void Fault(Exception fault)
    {
        if (fault is OperationCanceledException) _completion.TrySetCanceled(CancellationToken.None);
        else _completion.TrySetException(fault);
        Set();
    }

    public void Cancel(CancellationToken cancellationToken)
    {
        _completion.TrySetCanceled(cancellationToken);
        Set();
    }
}
